import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseTriggers } from './parse-triggers.ts';
import { startsOn } from './starts-on.ts';
import type { PushEvent } from './types.ts';
import type { Mapping } from './workflow.ts';

type Case = [on: string, ref: string, starts: boolean];

function occasion(event: PushEvent['event'], ref: string, files: string[] | undefined = ['src/a.js']) {
  return { event, ref, baseRef: 'refs/heads/main', changedFiles: () => Promise.resolve(files) };
}

function triggers(on: string): Mapping {
  return parseTriggers((parse(on) as Mapping)['on']);
}

it.each<Case>([
  ['on: push', 'main', true],
  ['on: [push, pull_request]', 'main', true],
  ['on: {push: }', 'main', true],
  ['on: {push: {}}', 'main', true],
  ['on: pull_request', 'main', false],
  ['on: workflow_dispatch', 'main', false],
  ['on: {schedule: [{cron: "0 0 * * *"}]}', 'main', false],
  ['on: {push: {branches: main}}', 'main', true],
  ['on: {push: {branches: [main, "release/**"]}}', 'release/1/2', true],
  ['on: {push: {branches: [main]}}', 'topic', false],
  ['on: {push: {branches: ["**", "!topic"]}}', 'topic', false],
  ['on: {push: {branches: ["!topic", "**"]}}', 'topic', true],
  ['on: {push: {branches-ignore: [topic]}}', 'topic', false],
  ['on: {push: {branches-ignore: [topic]}}', 'main', true],
  ['on: {push: {tags: ["v*"]}}', 'main', false],
  ['on: {push: {tags: ["v*"], branches: [main]}}', 'main', true],
  ['on: {push: {paths: ["src/**"]}}', 'main', true],
  ['on: {push: {paths: ["docs/**"]}}', 'main', false],
  ['on: {push: {branches: [main], paths: ["docs/**"]}}', 'main', false],
  ['on: {push: {branches: [topic], paths: ["src/**"]}}', 'main', false],
])('%s, pushed to the branch %s, starts: %s', async (on, branch, starts) => {
  expect(await startsOn(triggers(on), occasion('push', `refs/heads/${branch}`))).toBe(starts);
});

it.each<Case>([
  ['on: push', 'v1', true],
  ['on: {push: {branches: [main]}}', 'v1', false],
  ['on: {push: {branches-ignore: [main]}}', 'v1', false],
  ['on: {push: {tags: ["v*"]}}', 'v1', true],
  ['on: {push: {tags: ["v*"]}}', 'w1', false],
  ['on: {push: {tags-ignore: ["v*"]}}', 'v1', false],
  ['on: {push: {paths: ["docs/**"]}}', 'v1', true],
])('%s, pushed as the tag %s, starts: %s', async (on, tag, starts) => {
  expect(await startsOn(triggers(on), occasion('push', `refs/tags/${tag}`))).toBe(starts);
});

it.each<[on: string, files: string[] | undefined, starts: boolean]>([
  ['paths: ["**.js", "!src/**"]', ['src/a.js'], false],
  ['paths: ["**.js", "!src/**"]', ['src/a.js', 'b.js'], true],
  ['paths: ["**.js", "!src/**", "src/a.js"]', ['src/a.js'], true],
  ['paths-ignore: ["docs/**"]', ['docs/a.md'], false],
  ['paths-ignore: ["docs/**"]', ['docs/a.md', 'a.md'], true],
  ['paths-ignore: ["docs/**"]', [], false],
  ['paths: ["**"]', [], false],
  ['paths: [nothing]', undefined, true],
])('%s with the files %j starts: %s', async (filter, files, starts) => {
  const on = triggers(`on: {push: {${filter}}}`);
  const push = { ...occasion('push', 'refs/heads/main'), changedFiles: () => Promise.resolve(files) };
  expect(await startsOn(on, push)).toBe(starts);
});

it.each<[on: string, event: PushEvent['event'], starts: boolean]>([
  ['on: pull_request', 'pull_request', true],
  ['on: {pull_request: {branches: [main]}}', 'pull_request', true],
  ['on: {pull_request: {branches: [topic]}}', 'pull_request', false],
  ['on: {pull_request: {types: [closed]}}', 'pull_request', false],
  ['on: {pull_request: {types: [opened, labeled]}}', 'pull_request', true],
  ['on: {pull_request: {paths: ["docs/**"]}}', 'pull_request', false],
  ['on: push', 'pull_request', false],
  ['on: workflow_dispatch', 'workflow_dispatch', true],
  ['on: {workflow_dispatch: {inputs: {a: {default: b}}}}', 'workflow_dispatch', true],
  ['on: push', 'workflow_dispatch', false],
])('%s at a %s starts: %s', async (on, event, starts) => {
  expect(await startsOn(triggers(on), occasion(event, 'refs/heads/topic'))).toBe(starts);
});

import { expect, it } from 'vitest';
import { parseRequest } from './parse-request.ts';

it.each([
  ['Add CSV export', 'a', { repo: 'a', title: 'Add CSV export' }],
  ['for jwt-workbench: add  CSV export', undefined, { repo: 'jwt-workbench', title: 'Add CSV export' }],
  ['In a: b', undefined, { repo: 'a', title: 'B' }],
  ['on a : b', 'a', { repo: 'a', title: 'B' }],
  ['for a change: be quick', 'x', { repo: 'x', title: 'For a change: be quick' }],
])('"%s" with --repo %s is read', (text, repo, request) => {
  expect(parseRequest(text, repo)).toEqual({ ok: true, value: request });
});

it.each([
  ['  ', 'a', 'the task is empty'],
  ['Add CSV export', undefined, 'it names no repository'],
  ['for a: b', 'c', 'it names two repositories: a in the text, c with --repo'],
])('"%s" with --repo %s is refused: %s', (text, repo, why) => {
  expect(parseRequest(text, repo)).toEqual({ ok: false, failure: why });
});

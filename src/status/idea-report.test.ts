import { describe, expect, it } from 'vitest';
import { inSession, planned, queued, task, turnEnded, turnStarted, usage } from '../../test/fakes/facts.ts';
import { foldFacts, type Told } from '../../test/fakes/fold-facts.ts';
import type { Fact } from '../domain/fact.ts';
import type { Idea } from '../domain/idea.ts';
import { ideaFold } from '../ledger/folds/idea.ts';
import { sessionFold } from '../ledger/folds/session.ts';
import { ideaPage } from './idea-page.ts';
import { ideaReport } from './idea-report.ts';
import { renderText } from './render-text.ts';

const idea: Idea = {
  id: 'notes',
  title: 'Voice notes',
  summary: 'Keeps them.',
  status: 'NEW',
  repoName: 'voice-notes',
  objective: '',
  lastError: undefined,
};
const takenUp: Told = {
  type: 'idea-taken-up',
  idea: 'notes',
  title: 'Voice notes',
  name: 'voice-notes',
  path: '/c/v',
};
const step = (type: 'idea-step-began' | 'idea-step-ended', name: string, facts: object = {}): Fact =>
  ({ type, idea: 'notes', step: name, key: name, facts }) as Fact;
const viewOf = (...told: readonly Told[]) => foldFacts(ideaFold, told).get('notes');
const sessionOf = (...told: readonly Told[]) => [...foldFacts(sessionFold, told).values()];
const states = (report: ReturnType<typeof ideaReport>) => report?.steps.map(({ state }) => state).join(' ');
const costs = { outcome: { kind: 'completed' }, usage: usage(1200, 30, 200), seconds: 20.4 } as const;

describe('an idea', () => {
  it('that nobody took up has all its steps before it', () => {
    const report = ideaReport(idea, undefined, []);
    expect(states(report)).toBe('waits waits waits waits waits waits waits');
    expect(report).toMatchObject({ status: 'NEW', folder: null, url: null, last_error: null });
    expect(report?.cost).toMatchObject({ turns: 0, input_tokens: 0 });
  });

  it('that is on its way shows the step it is at, with times', () => {
    const view = viewOf(takenUp, step('idea-step-ended', 'triage'), [
      60_000,
      step('idea-step-began', 'folder'),
    ]);
    const report = ideaReport({ ...idea, status: 'TRIAGED' }, view, []);
    expect(states(report)).toBe('done begun waits waits waits waits waits');
    expect(report?.steps[1]?.at).toBe('1970-01-01T00:01:00Z');
    expect(report?.folder).toBe('/c/v');
  });

  it('that is blocked says where, why and what to do, and what its sessions cost', () => {
    const view = viewOf(takenUp, step('idea-step-began', 'files'), {
      type: 'idea-moved',
      idea: 'notes',
      to: 'BLOCKED',
      why: 'test is red',
      step: 'files',
      hint: 'look; then clone ideas retry notes',
    });
    const sessions = sessionOf(
      queued(),
      planned(task('first-version')),
      turnStarted('1'),
      turnEnded('1', costs),
      turnStarted('2', { kind: 'repair' }),
      turnEnded('2', costs),
    );
    const later = sessionOf(
      { ...queued(), session: 's2' },
      { ...planned(task('t1')), ...inSession, session: 's2' },
    );
    const report = ideaReport({ ...idea, status: 'BLOCKED', lastError: 'files: test is red' }, view, [
      ...later,
      ...sessions,
    ]);
    expect(states(report)).toBe('waits waits blocked waits waits waits waits');
    expect(report).toMatchObject({
      last_error: { step: 'files', why: 'test is red', to_do: 'look; then clone ideas retry notes' },
      sessions: ['s1'],
      cost: { turns: 2, input_tokens: 2400, cached_input_tokens: 400, output_tokens: 60, agent_seconds: 41 },
    });
    const text = report ? renderText(ideaPage(report), { columns: 200, colour: false }) : '';
    expect(text).toMatch(/BLOCKED: Voice notes/);
    expect(text).toMatch(/last error +files: test is red/);
    expect(text).toMatch(/to do +look; then clone ideas retry notes/);
    expect(text).toMatch(/cost +2 turns, 2,400 tokens in \(400 cached\), 60 out, 41 s/);
  });

  it('that a person blocked in the file says what the file says', () => {
    const report = ideaReport({ ...idea, status: 'BLOCKED', lastError: 'later' }, undefined, []);
    expect(report?.last_error).toEqual({
      step: null,
      why: 'later',
      to_do: 'clone ideas retry notes lets it go on',
    });
  });

  it('that is a repository says where, and which steps it did without', () => {
    const names = ['triage', 'folder', 'files', 'repository', 'portfolio'];
    const moved: Told = { type: 'idea-moved', idea: 'notes', to: 'ACTIVE', why: 'local only: no token' };
    const local = viewOf(takenUp, ...names.map((name) => step('idea-step-ended', name)), moved);
    const report = ideaReport({ ...idea, status: 'ACTIVE' }, local, []);
    expect(states(report)).toBe('done done done done left_out left_out done');
    expect(report).toMatchObject({ url: null, why: 'local only: no token' });

    const slug = { slug: 'me/voice-notes', url: 'https://github.com/me/voice-notes.git' };
    const pushed = viewOf(takenUp, step('idea-step-ended', 'github', slug), moved);
    expect(ideaReport({ ...idea, status: 'ACTIVE' }, pushed, [])).toMatchObject({
      repo: 'me/voice-notes',
      url: 'https://github.com/me/voice-notes',
    });
  });

  it('that left the file is told as the ledger has it; one that nobody knows is not', () => {
    expect(ideaReport(undefined, viewOf(takenUp), [])).toMatchObject({ id: 'notes', status: 'GONE' });
    expect(ideaReport(undefined, undefined, [])).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import type { FileChange } from '../../domain/change.ts';
import type { ReviewFinding, ReviewOutcome, Severity } from '../../domain/review.ts';
import { boundDiff } from './bound-diff.ts';
import { chooseReviewer, type Reviewing } from './choose-reviewer.ts';
import { type AfterReview, afterReview, blocking } from './judge-review.ts';
import { readReview } from './read-review.ts';
import { evidenceLines } from './tell-evidence.ts';
import { findingLine, findingsAtLength, findingsInShort } from './tell-findings.ts';
import { workLines } from './tell-work.ts';

const finding = (severity: Severity, more: Partial<ReviewFinding> = {}): ReviewFinding => ({
  severity,
  file: 'a.ts',
  line: 3,
  message: 'It is wrong',
  why: 'It is.',
  suggestion: 'Mend it.',
  ...more,
});

describe('after a review', () => {
  it.each<[outcome: ReviewOutcome, turnsLeft: number, more: string, AfterReview]>([
    ['passed', 0, '', 'accept'],
    ['passed', 1, 'draining', 'accept'],
    ['blocking', 1, 'may repair', 'repair'],
    ['blocking', 1, '', 'hold'],
    ['blocking', 0, 'may repair', 'hold'],
    ['blocking', 1, 'may repair, draining', 'hold'],
    ['unreadable', 1, '', 'ask-again'],
    ['unreadable', 0, '', 'hold'],
    ['unreadable', 1, 'draining', 'hold'],
    ['failed', 2, 'may repair', 'hold'],
  ])('that %s, with %d turns left (%s), comes: %4$s', (outcome, turnsLeft, more, next) => {
    const now = { turnsLeft, mayRepair: more.includes('repair'), isDraining: more.includes('draining') };
    expect(afterReview(outcome, now)).toBe(next);
  });

  it('P0 and P1 stand against a landing, the others do not', () => {
    const all = (['P0', 'P1', 'P2', 'P3'] as const).map((severity) => finding(severity));
    expect(blocking(all).map(({ severity }) => severity)).toEqual(['P0', 'P1']);
  });
});

describe('the reviewer', () => {
  const none: Reviewing = { review: 'none', review_agent: '', agent: 'codex', agent_command: '' };
  const second: Reviewing = { ...none, review: 'second', agent_command: 'my-agent --fast' };

  it.each<[when: string, Reviewing, who: string | undefined]>([
    ['no review is wanted', { ...second, review: 'none' }, undefined],
    ['it is the agent itself', { ...none, review: 'self', agent: 'command' }, 'command'],
    ['codex works', second, 'command'],
    ['a program works', { ...second, agent: 'command' }, 'codex'],
    ['it is named', { ...second, agent: 'command', review_agent: 'codex' }, 'codex'],
  ])('is found when %s', (_when, options, who) => {
    expect(chooseReviewer(options)).toEqual({ ok: true, value: who });
  });

  it.each<[when: string, Partial<Reviewing>, message: RegExp, hint: RegExp]>([
    ['there is no second agent', { agent_command: ' ' }, /beside codex/, /set agent_command .* review: self/],
    ['the second is not set up', { agent_command: '', review_agent: 'command' }, /command/, /agent_command/],
    ['nobody has that name', { review_agent: 'claude' }, /no agent named claude/, /codex, or command/],
    ['it would be the same', { review_agent: 'codex' }, /does the work/, /review: self/],
  ])('is missed, with what to set, when %s', (_when, options, message, hint) => {
    expect(chooseReviewer({ ...second, ...options })).toMatchObject({
      ok: false,
      failure: {
        message: expect.stringMatching(message) as string,
        hint: expect.stringMatching(hint) as string,
      },
    });
  });
});

describe('the answer of a reviewer', () => {
  const told = { severity: 'P2', file: ' a.ts\n', line: 3, what: ' It is wrong ', why: '', suggestion: '' };
  const answer = (...findings: readonly object[]): string => JSON.stringify({ findings });

  it('has findings, the worst first', () => {
    expect(readReview(answer(told, { ...told, severity: 'P0', file: '', line: 7 }))).toEqual({
      ok: true,
      value: [
        { severity: 'P0', file: undefined, line: undefined, message: 'It is wrong', why: '', suggestion: '' },
        { severity: 'P2', file: 'a.ts', line: 3, message: 'It is wrong', why: '', suggestion: '' },
      ],
    });
  });

  it('may have no finding', () => {
    expect(readReview(answer())).toEqual({ ok: true, value: [] });
  });

  it('is bounded, and what is cut off is what weighs least', () => {
    const many = Array.from({ length: 200 }, () => ({ ...told, severity: 'P3', what: 'x'.repeat(5000) }));
    const read = readReview(answer(...many, { ...told, severity: 'P1' }));
    if (!read.ok) throw new Error(read.failure);
    expect(read.value.length).toBe(30);
    expect(read.value[0]?.severity).toBe('P1');
    expect(read.value[1]?.message.length).toBe(1000);
  });

  it.each<[what: string, answer: string | undefined]>([
    ['no answer', undefined],
    ['praise', 'Looks good to me!'],
    ['an object without findings', '{}'],
    ['a list that is none', '{"findings":"none"}'],
    ['a finding of another weight', answer({ ...told, severity: 'critical' })],
    ['a finding without words', answer({ ...told, what: '  ' })],
    ['words about JSON', `Here it is: ${answer()}`],
  ])('is no review when it is %s', (_what, text) => {
    expect(readReview(text).ok).toBe(false);
  });
});

describe('findings in words', () => {
  it.each<[ReviewFinding, string]>([
    [finding('P1'), 'P1 a.ts:3: It is wrong'],
    [finding('P1', { line: undefined }), 'P1 a.ts: It is wrong'],
    [finding('P0', { file: undefined, message: 'One\n two' }), 'P0 One two'],
  ])('name the place: %j', (one, line) => {
    expect(findingLine(one)).toBe(line);
  });

  it('are short for a person and whole for whoever mends them', () => {
    const two = [finding('P0'), finding('P1', { why: '', suggestion: '' })];
    expect(findingsInShort(two)).toBe('P0 a.ts:3: It is wrong (and 1 more)');
    expect(findingsInShort(two.slice(1))).toBe('P1 a.ts:3: It is wrong');
    expect(findingsInShort([])).toBe('nothing');
    expect(findingsAtLength(two)).toBe(
      '- P0 a.ts:3: It is wrong\n  Why: It is.\n  Suggestion: Mend it.\n- P1 a.ts:3: It is wrong',
    );
  });
});

describe('the diff of a review', () => {
  const file = (path: string, added: number | undefined = 1): FileChange => ({
    path,
    status: 'modified',
    added,
    deleted: added,
  });
  const section = (path: string, lines: number): string =>
    `diff --git a/${path} b/${path}\n@@ -1 +1 @@\n${'+diff --git a/x b/x\n'.repeat(lines)}`;

  it('is whole where it fits', () => {
    const diff = section('a', 2) + section('b', 1);
    expect(boundDiff(diff, [file('a'), file('b')], 1000)).toEqual({ text: diff.trimEnd(), leftOut: [] });
  });

  it('names the files that do not fit, and goes on with those that do', () => {
    const diff = section('a', 1) + section('big', 100) + section('c', 1);
    const { text, leftOut } = boundDiff(diff, [file('a'), file('big', 100), file('c')], 400);
    expect(leftOut).toEqual(['big (+100 -100)']);
    expect(text).toBe(`${section('a', 1)}${section('c', 1)}[left out for its size: big (+100 -100)]`);
  });

  it('names what git had to cut, too', () => {
    const files = [file('a'), file('b'), { ...file('c\nd'), added: undefined }];
    const { leftOut } = boundDiff(section('a', 1) + section('b', 1).slice(0, -5), files, 1000);
    expect(leftOut).toEqual(['b (+1 -1)', 'c\\nd (binary)']);
  });

  it('stays small however many files there are', () => {
    const names = Array.from({ length: 5000 }, (_, index) => `f${index}`);
    const { text, leftOut } = boundDiff(
      '',
      names.map((name) => file(name)),
      1000,
    );
    expect(leftOut.length).toBe(5000);
    expect(text.split('\n').at(-1)).toBe('[left out for its size: 4900 more files]');
  });
});

describe('what a reviewer is told', () => {
  it('has each check once, as it ended last', () => {
    const ran = (check: string, exitCode: number | undefined, note?: string) => ({
      check,
      command: `npm run\n${check}`,
      exitCode,
      seconds: 1,
      label: 'local' as const,
      tree: 't',
      at: 0,
      note,
    });
    expect(
      evidenceLines([
        ran('test', 1),
        ran('lint', undefined, 'ended after 9 s'),
        ran('test', 0, 'red before us'),
      ]),
    ).toBe(
      '- test (local): `npm run test`: exit 0, red before us\n- lint (local): `npm run lint`: did not finish, ended after 9 s',
    );
    expect(evidenceLines([])).toBe('- nothing was run: no check of this repository is known');
  });

  it('has the tasks with their claims, which nobody else saw', () => {
    const plan = { id: 't', title: 'Add\nCSV', why: 'Wanted.', acceptance: ['it exports'] };
    expect(
      workLines([
        { plan, claims: [{ text: 'tests pass', how: 'npm test' }] },
        {
          plan: { ...plan, why: '', acceptance: [], operatorTask: 'o' },
          claims: [{ text: 'done', how: '' }],
        },
      ]),
    ).toBe(
      'Task t: Add CSV\nWhy: Wanted.\nDone when: it exports\nClaim (proxy): tests pass (npm test)\n\nTask t, asked for by a person: Add CSV\nClaim (proxy): done',
    );
  });
});

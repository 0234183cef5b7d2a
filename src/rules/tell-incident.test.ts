import { describe, expect, it } from 'vitest';
import type { Evidence } from '../domain/evidence.ts';
import { exhaustedRepair, overClaimed, redCi, refusedByGates, takenBack } from './tell-incident.ts';

const place = { session: 's1', at: 7 };
const task = { id: 't1', title: 'Add it' };
const silent = { rootCause: '', preventionRule: ' ' };
const lesson = { rootCause: 'The clock\n## was wrong', preventionRule: 'Ask the clock' };
const failing: Evidence[] = [
  { check: 'test', command: 'npm test', exitCode: 1, seconds: 1, label: 'local', tree: 't', at: 7 },
];
const sha = 'a'.repeat(40);
const jobs = ['CI / test'];
const claims = [{ claim: 'tests pass', saw: 'test (`npm test`) ended with exit 1' }];
const finding = {
  gate: 'secrets',
  severity: 'P0',
  message: 'a secret in a.txt:1',
  hint: 'take it out',
} as const;

describe('an incident', () => {
  it.each([
    ['exhausted-repair', exhaustedRepair(place, { task, failing, repairs: 2, lesson })],
    ['over-claim', overClaimed(place, { task, claims, command: 'npm test', mended: { lesson } })],
    ['red-ci', redCi(place, { sha, jobs, url: 'https://ci.test/1', fix: 'Mend it', lesson })],
    ['revert', takenBack(place, { sha, revert: 'b'.repeat(40), jobs, url: undefined, lesson })],
    ['exhausted-repair', refusedByGates(place, { findings: [finding], repairs: 1, lesson })],
  ])(
    'of %s has the cause and the rule that the agent gave, on one line, untrusted',
    (trigger, { what, waits }) => {
      expect(waits).toBe(false);
      expect(what).toMatchObject({
        kind: 'incident',
        lesson: true,
        incident: {
          trigger,
          rootCause: 'The clock ## was wrong',
          prevention: 'Ask the clock',
          trust: undefined,
          at: 7,
        },
      });
    },
  );

  it.each([
    [
      'exhausted-repair',
      exhaustedRepair(place, { task, failing, repairs: 1, lesson: silent }),
      /Run `npm test` early/,
    ],
    [
      'over-claim',
      overClaimed(place, { task, claims, command: 'npm test', mended: undefined }),
      /Run `npm test` after/,
    ],
    [
      'red-ci',
      redCi(place, { sha, jobs, url: undefined, fix: undefined, lesson: silent }),
      /run here what CI \/ test/,
    ],
    [
      'revert',
      takenBack(place, { sha, revert: sha, jobs: [], url: undefined, lesson: silent }),
      /run here what a run/,
    ],
    [
      'exhausted-repair',
      refusedByGates(place, { findings: [], repairs: 1, lesson: silent }),
      /Before you hand over/,
    ],
  ])('of %s has a cause and a rule even when the agent gave none', (_trigger, { what }, rule) => {
    expect(what.kind === 'incident' && what.incident.prevention).toMatch(rule);
    expect(what.kind === 'incident' && what.incident.rootCause).not.toBe('');
    expect(what).toMatchObject({ lesson: false });
  });

  it.each([
    [exhaustedRepair(place, { task, failing, repairs: 1, lesson }), 'local: test (`npm test`) exited 1'],
    [exhaustedRepair(place, { task, failing: [], repairs: 1, lesson }), 'local: a check was red'],
    [
      overClaimed(place, { task, claims, command: '', mended: undefined }),
      'local: test (`npm test`) ended with exit 1',
    ],
    [
      redCi(place, { sha, jobs, url: 'u', fix: undefined, lesson }),
      'direct: CI failed on aaaaaaaaaaaa in CI / test, u',
    ],
    [takenBack(place, { sha, revert: sha, jobs, url: undefined, lesson }), 'direct: CI failed in CI / test'],
    [refusedByGates(place, { findings: [finding], repairs: 1, lesson }), 'local: a secret in a.txt:1'],
  ])('rests on what we saw', ({ what }, evidence) => {
    expect(what).toMatchObject({ incident: { evidence } });
  });

  it('of red CI is the same one, however often it is told, and says when nothing mends it', () => {
    const first = redCi(place, { sha, jobs, url: undefined, fix: 'Mend it', lesson });
    const again = redCi({ ...place, at: 9 }, { sha, jobs, url: undefined, fix: undefined, lesson });
    expect(again.id).toBe(first.id);
    expect(again.what).toMatchObject({ incident: { fix: 'none yet', confidence: 'low' } });
    expect(first.what).toMatchObject({ incident: { confidence: 'medium' } });
  });

  it('of a revert is about the commit that took it back', () => {
    expect(takenBack(place, { sha, revert: 'b', jobs, url: undefined, lesson }).commit).toBe('b');
  });

  it('says how a check ended that had no exit', () => {
    const hung = [{ ...failing[0], exitCode: undefined, note: 'timed out after 5 s' }] as Evidence[];
    const silentEnd = [{ ...failing[0], exitCode: undefined }] as Evidence[];
    expect(exhaustedRepair(place, { task, failing: hung, repairs: 1, lesson }).what).toMatchObject({
      incident: { evidence: 'local: test (`npm test`) timed out after 5 s' },
    });
    expect(exhaustedRepair(place, { task, failing: silentEnd, repairs: 1, lesson }).what).toMatchObject({
      incident: { evidence: 'local: test (`npm test`) did not run to an exit' },
    });
  });
});

import { describe, expect, it } from 'vitest';
import { handoffSchema, mendingSchema, planSchema, readHandoff, readPlan } from './read-answer.ts';

describe('a plan', () => {
  it('is read with its tasks', () => {
    const answer = JSON.stringify({
      outcome: 'tasks',
      reason: 'r',
      tasks: [{ id: 'a', title: 'A', why: 'w', kind: 'fix', acceptance: ['x'], paths: ['p'], risk: 'low' }],
    });
    expect(readPlan(answer)).toMatchObject({
      ok: true,
      value: { kind: 'tasks', tasks: [{ id: 'a', kind: 'fix' }] },
    });
  });

  it('is read out of a Markdown fence, and with kinds we do not know', () => {
    const answer = '```json\n{"outcome":"tasks","tasks":[{"title":"A","kind":"magic","risk":"huge"}]}\n```';
    expect(readPlan(answer)).toMatchObject({
      ok: true,
      value: { tasks: [{ title: 'A', kind: 'feature', risk: 'medium' }] },
    });
  });

  it('is read out of the prose around it', () => {
    const answer = 'My plan:\n\n```json\n{"outcome":"tasks","tasks":[{"title":"A"}]}\n```\nShall I?';
    expect(readPlan(answer)).toMatchObject({ ok: true, value: { tasks: [{ title: 'A' }] } });
  });

  it('is read without the tasks that make no sense, and with null for nothing', () => {
    const good = { id: 7, title: 'A', why: null, kind: null, acceptance: null, paths: null, risk: null };
    const answer = { outcome: 'tasks', reason: null, tasks: [{ id: 'a' }, null, good] };
    expect(readPlan(JSON.stringify(answer))).toEqual({
      ok: true,
      value: {
        kind: 'tasks',
        tasks: [{ id: '', title: 'A', why: '', kind: 'feature', acceptance: [], paths: [], risk: 'medium' }],
      },
    });
  });

  it('has titles of one line that fit into a table', () => {
    const tasks = [{ title: 'One\n  line' }, { title: 'x'.repeat(5000) }];
    expect(readPlan(JSON.stringify({ outcome: 'tasks', tasks }))).toMatchObject({
      value: { tasks: [{ title: 'One line' }, { title: `${'x'.repeat(199)}…` }] },
    });
  });

  it.each([
    ['says so', '{"outcome":"no_work","reason":"all good"}', 'all good'],
    ['says so, with anything for tasks', '{"outcome":"no_work","reason":"fine","tasks":null}', 'fine'],
    ['says so for no reason', '{"outcome":"no_work","reason":null}', 'the plan has no task'],
    ['has no task', '{"outcome":"tasks","tasks":[]}', 'the plan has no task'],
    ['has null for tasks', '{"outcome":"tasks","tasks":null}', 'the plan has no task'],
  ])('is no work when it %s', (_when, answer, reason) => {
    expect(readPlan(answer)).toEqual({ ok: true, value: { kind: 'no-work', reason } });
  });

  it('is read with what makes sense of its lists', () => {
    const tasks = [{ title: 'A', why: 'w'.repeat(50_000), acceptance: ['x', 7], paths: 'src' }];
    expect(readPlan(JSON.stringify({ outcome: 'tasks', tasks }))).toMatchObject({
      ok: true,
      value: { tasks: [{ why: 'w'.repeat(20_000), acceptance: ['x'], paths: [] }] },
    });
  });

  it.each([
    ['nothing', undefined, 'there was no answer'],
    ['blanks', '  ', 'there was no answer'],
    ['prose', 'I would add tests.', 'the answer is not JSON'],
    ['another shape', '{"tasks":[]}', 'outcome: '],
    ['a task without a title', '{"outcome":"tasks","tasks":[{"id":"a"}]}', 'tasks.0.title: '],
    ['nothing but titles without a word', '{"outcome":"tasks","tasks":[{"title":" "}]}', 'tasks.0.title: '],
    ['a sentence for tasks', '{"outcome":"tasks","tasks":"Add tests."}', 'tasks: '],
    ['prose with braces', 'Use {curly} braces {}.', 'the answer is not JSON'],
    ['a list', '[]', 'answer: '],
  ])('is refused when it is %s', (_when, answer, words) => {
    const read = readPlan(answer);
    expect(read.ok).toBe(false);
    expect(!read.ok && read.failure).toContain(words);
  });
});

describe('a handoff', () => {
  it('is read in our names', () => {
    expect(
      readHandoff('{"status":"done","commit_message":"m","follow_ups":["f"],"claims":[{"text":"t"}]}'),
    ).toEqual({
      ok: true,
      value: {
        status: 'done',
        summary: '',
        commitMessage: 'm',
        followUps: ['f'],
        claims: [{ text: 't', how: '' }],
        decisions: [],
        memory: [],
        rootCause: '',
        preventionRule: '',
      },
    });
  });

  it('is read out of the prose around it', () => {
    expect(readHandoff('Done:\n{"status":"blocked","summary":"s"}\nAnything else?')).toMatchObject({
      ok: true,
      value: { status: 'blocked', summary: 's' },
    });
  });

  const proposal = {
    kind: 'risk',
    decision: 'd',
    why: 'w',
    evidence: 'e',
    confidence: 'high',
    follow_up: 'f',
  };
  const proposedIn = (memory: unknown) => {
    const read = readHandoff(JSON.stringify({ status: 'done', memory }));
    return read.ok ? read.value.memory : read.failure;
  };

  it('brings what is to be remembered, cause and rule', () => {
    const answer = { status: 'done', memory: [proposal], root_cause: 'c', prevention_rule: 'r' };
    expect(readHandoff(JSON.stringify(answer))).toMatchObject({
      value: {
        memory: [{ kind: 'risk', decision: 'd', why: 'w', evidence: 'e', confidence: 'high', followUp: 'f' }],
        rootCause: 'c',
        preventionRule: 'r',
      },
    });
  });

  it.each<[what: string, memory: unknown, decisions: string[]]>([
    ['no list', 'remember me', []],
    ['null', null, []],
    [
      'of other shapes',
      [7, {}, { ...proposal, kind: 'poem' }, { ...proposal, decision: ' ' }, proposal],
      ['d'],
    ],
    ['too much', Array.from({ length: 50 }, () => proposal), ['d', 'd', 'd', 'd', 'd']],
    ['half of it', [{ kind: 'fix', decision: 'd', confidence: 'sure', why: 7 }], ['d']],
  ])('is read all the same when what it would remember is %s', (_what, memory, decisions) => {
    expect(proposedIn(memory)).toMatchObject(decisions.map((decision) => ({ decision })));
    expect(proposedIn(memory)).toHaveLength(decisions.length);
  });

  it('is cut where it is too long, and asked for nothing it does not know', () => {
    const long = { ...proposal, decision: 'x'.repeat(30_000), why: ['no'], confidence: 'sure' };
    expect(proposedIn([long])).toMatchObject([{ decision: 'x'.repeat(1000), why: '', confidence: 'low' }]);
    const read = readHandoff('{"status":"done","root_cause":7,"prevention_rule":null}');
    expect(read).toMatchObject({ ok: true, value: { rootCause: '', preventionRule: '' } });
  });

  it('keeps what makes sense of an answer that is half nonsense', () => {
    const claim = { text: 'it works', how: 7 };
    const nonsense = { summary: 'x'.repeat(50_000), commit_message: 3, decisions: [{ a: 1 }, 'why'] };
    const read = readHandoff(
      JSON.stringify({
        ...{ status: 'done', claims: ['yes', claim], follow_ups: { no: 'list' }, memory: [proposal] },
        ...nonsense,
      }),
    );
    expect(read).toMatchObject({
      ok: true,
      value: {
        summary: 'x'.repeat(20_000),
        commitMessage: '',
        claims: [{ text: 'it works', how: '' }],
        decisions: ['why'],
        followUps: [],
        memory: [{ decision: 'd' }],
      },
    });
  });

  it('is refused with an unknown status', () => {
    expect(readHandoff('{"status":"great"}').ok).toBe(false);
  });
});

it.each([
  ['plan', planSchema],
  ['handoff', handoffSchema],
  ['mending', mendingSchema],
])('the %s schema is strict at every level', (_name, schema) => {
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const object = node as Record<string, unknown>;
    if (object['type'] === 'object') {
      expect(object['additionalProperties']).toBe(false);
      expect(object['required']).toEqual(Object.keys(object['properties'] as object));
    }
    Object.values(object).forEach(look);
  };
  look(schema);
});

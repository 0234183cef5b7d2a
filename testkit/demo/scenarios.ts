import type { Scenario } from '../model/scenario.ts';
import { voiceNotes } from './voice-notes.ts';

/** What the scripted model does in the demo: the part of an engineer with good days and bad ones. */
export const demoScenarios: readonly Scenario[] = [
  {
    name: 'greeting-cards: a plan',
    match: { repo: 'greeting-cards', turn: 'plan' },
    steps: [
      { run: 'cat README.md src/greet.js test/greet.test.js', usage: { in: 5200, out: 60 } },
      {
        json: plan({
          id: 'greet-many',
          title: 'Greet several people on one card',
          why: 'Cards for couples and families cannot be written today.',
          kind: 'feature',
          acceptance: ['greet takes a list of names', 'a test shows two and three names'],
          paths: ['src/greet.js', 'test/greet.test.js'],
        }),
        usage: { in: 6100, cached: 5100, out: 180 },
      },
    ],
  },
  {
    name: 'greeting-cards: a feature with its test',
    match: { repo: 'greeting-cards', turn: 'task' },
    steps: [
      {
        write: {
          path: 'src/greet.js',
          content:
            "export function greet(names) {\n  const list = Array.isArray(names) ? names : [names];\n  const last = list.at(-1);\n  const everyone = list.length > 1 ? `${list.slice(0, -1).join(', ')} and ${last}` : last;\n  return `Dear ${everyone},`;\n}\n",
        },
        usage: { in: 7000, cached: 6100, out: 320 },
      },
      {
        write: {
          path: 'test/greet-many.test.js',
          content:
            "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { greet } from '../src/greet.js';\n\ntest('greets two people', () => {\n  assert.equal(greet(['Ada', 'Grace']), 'Dear Ada and Grace,');\n});\n\ntest('greets three people', () => {\n  assert.equal(greet(['Ada', 'Grace', 'Joan']), 'Dear Ada, Grace and Joan,');\n});\n",
        },
      },
      { run: 'node --test' },
      {
        json: done(
          'Greet several people on one card',
          'greet accepts a list of names and joins them the way people write.',
        ),
      },
    ],
  },
  {
    name: 'price-list: a plan',
    match: { repo: 'price-list', turn: 'plan' },
    steps: [
      {
        json: plan({
          id: 'two-decimals',
          title: 'Always print two decimals',
          why: '20 euros are printed as "20 €" beside "19.99 €".',
          kind: 'fix',
          acceptance: ['price(2000) is 20.00 €'],
          paths: ['src/price.js', 'test/price.test.js'],
        }),
        usage: { in: 5000, out: 150 },
      },
    ],
  },
  {
    name: 'price-list: a first try that is wrong',
    match: { repo: 'price-list', turn: 'task' },
    steps: [
      {
        write: {
          path: 'src/price.js',
          content: 'export function price(cents) {\n  return `${Math.round(cents / 100)}.00 €`;\n}\n',
        },
        usage: { in: 6400, cached: 5000, out: 210 },
      },
      {
        json: {
          ...done('Always print two decimals', 'Prices have two decimals.'),
          claims: [{ text: 'All tests pass.', how: 'looked at them' }],
        },
      },
    ],
  },
  {
    name: 'price-list: the repair',
    match: { repo: 'price-list', turn: 'repair' },
    steps: [
      {
        write: {
          path: 'src/price.js',
          content: 'export function price(cents) {\n  return `${(cents / 100).toFixed(2)} €`;\n}\n',
        },
        usage: { in: 7900, cached: 6400, out: 160 },
      },
      {
        write: {
          path: 'test/decimals.test.js',
          content:
            "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { price } from '../src/price.js';\n\ntest('prints two decimals for whole euros', () => {\n  assert.equal(price(2000), '20.00 €');\n});\n",
        },
      },
      { json: done('Always print two decimals', 'toFixed keeps the cents that rounding lost.') },
    ],
  },
  {
    name: 'price-list: old decisions in a line each',
    match: { repo: 'price-list', turn: 'summary' },
    steps: [{ json: { summaries: priceRules(55) }, usage: { in: 4100, out: 900 } }],
  },
  {
    name: 'shopping-list: nothing beside what a person asked for',
    match: { repo: 'shopping-list', turn: 'plan' },
    steps: [
      {
        json: { outcome: 'no_work', reason: 'What was asked for is the best next step.', tasks: [] },
        usage: { in: 4900, out: 50 },
      },
    ],
  },
  {
    name: 'shopping-list: what a person asked for',
    match: { repo: 'shopping-list', turn: 'task' },
    steps: [
      {
        write: [
          {
            path: 'src/by-shelf.js',
            content:
              'export function byShelf(items) {\n  return items.toSorted((a, b) => a.shelf - b.shelf);\n}\n',
          },
          {
            path: 'test/by-shelf.test.js',
            content:
              "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { byShelf } from '../src/by-shelf.js';\n\ntest('sorts by shelf and keeps the order within one', () => {\n  const list = [{ name: 'tea', shelf: 7 }, { name: 'milk', shelf: 2 }, { name: 'mint', shelf: 7 }];\n  assert.deepEqual(byShelf(list).map((item) => item.name), ['milk', 'tea', 'mint']);\n});\n",
          },
        ],
        usage: { in: 5800, cached: 4900, out: 240 },
      },
      {
        json: {
          ...done('Sort the list by shelf', 'byShelf answers the list in the order of the shelves.'),
          follow_ups: ['Remember the shelf of things bought before'],
        },
      },
    ],
  },
  {
    name: 'voice-notes: a first version from an idea',
    match: { repo: 'voice-notes', turn: 'task' },
    steps: [
      { write: voiceNotes, usage: { in: 4300, out: 520 } },
      { run: 'npm test' },
      { json: done('Begin voice notes', 'Notes are kept newest first, with a test and CI.') },
    ],
  },
  {
    name: 'voice-notes: nothing more today',
    match: { repo: 'voice-notes', turn: 'plan' },
    steps: [{ json: { outcome: 'no_work', reason: 'It is new, tested and green.', tasks: [] } }],
  },
  {
    name: 'train-times: a plan',
    match: { repo: 'train-times', turn: 'plan' },
    steps: [
      {
        json: plan({
          id: 'day-of-departure',
          title: 'Say on which day a train leaves',
          why: 'The README promises it and nothing does it.',
          kind: 'feature',
          acceptance: ['day() answers the UTC day as YYYY-MM-DD'],
          paths: ['src/day.js', 'test/day.test.js'],
        }),
        usage: { in: 5100, out: 140 },
      },
    ],
  },
  {
    name: 'train-times: right here, wrong in another time zone',
    match: { repo: 'train-times', turn: 'task' },
    steps: [
      {
        write: {
          path: 'src/day.js',
          content:
            "export function day(date) {\n  const two = (number) => String(number).padStart(2, '0');\n  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;\n}\n",
        },
        usage: { in: 6600, cached: 5100, out: 260 },
      },
      {
        write: {
          path: 'test/day.test.js',
          content:
            "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { day } from '../src/day.js';\n\ntest('says the day of departure', () => {\n  assert.equal(day(new Date('2026-11-21T10:30:00Z')), '2026-11-21');\n});\n",
        },
      },
      { json: done('Say on which day a train leaves', 'day() formats a date as YYYY-MM-DD.') },
    ],
  },
  {
    name: 'train-times: the log says why',
    match: { repo: 'train-times', turn: 'ci-fix' },
    steps: [
      { expect: { prompt: '/2026-11-22/' } },
      {
        write: {
          path: 'src/day.js',
          content: 'export function day(date) {\n  return date.toISOString().slice(0, 10);\n}\n',
        },
        usage: { in: 9800, cached: 6600, out: 190 },
      },
      {
        json: {
          ...done(
            'Say the day in UTC',
            'Root cause: local time. CI runs in another time zone, where it is already the next day.',
          ),
          root_cause: 'The day was read in local time, and CI runs in another time zone.',
          prevention_rule: 'Compute days in UTC, and run a test of them under a second TZ.',
        },
      },
    ],
  },
  {
    name: 'quiet-notes: nothing to do',
    match: { repo: 'quiet-notes', turn: 'plan' },
    steps: [
      {
        json: { outcome: 'no_work', reason: 'The notes are complete, tested and green.', tasks: [] },
        usage: { in: 4800, out: 60 },
      },
    ],
  },
];

function plan(task: {
  id: string;
  title: string;
  why: string;
  kind: string;
  acceptance: string[];
  paths: string[];
}) {
  return { outcome: 'tasks', reason: task.why, tasks: [{ ...task, risk: 'low' }] };
}

function done(message: string, summary: string) {
  return { status: 'done', summary, commit_message: message, claims: [], decisions: [], follow_ups: [] };
}

/** A line for each of the oldest decisions of the memory, the newest of them first. */
function priceRules(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `e${index + 1}`,
    line: `Price rule ${count - index} lives in one function, so that prices cannot differ`,
  }));
}

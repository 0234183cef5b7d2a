import { expect, it } from 'vitest';
import { optionList } from '../option-groups.ts';
import type { OptionName } from '../options.ts';
import { tighten } from '../tighten.ts';

const defaults = Object.fromEntries(optionList.map(([name, spec]) => [name, spec.default])) as Record<
  OptionName,
  unknown
>;

it.each<[asked: object, without: object, taken: object]>([
  [{ review: 'self' }, {}, { review: 'self' }],
  [{ review: 'second' }, { review: 'self' }, { review: 'second' }],
  [{ review: 'self' }, { review: 'second' }, {}],
  [{ review: 'none' }, { review: 'self' }, {}],
  [{ review_agent: 'command' }, {}, {}],
])('a repository that asks for %j where %j holds gets %j', (asked, without, taken) => {
  expect(tighten(asked, { ...defaults, ...without }).taken).toEqual(taken);
});

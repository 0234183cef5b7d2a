import { expect, it } from 'vitest';
import { compactionWorkspace, keyOfCompaction } from './compaction-workspace.ts';

it.each([
  ['app-0123456789ab', 'compact_app-0123456789ab'],
  ['0123456789ab', 'compact_0123456789ab'],
  ['my.site.io-0123456789ab', 'compact_my_dsite_dio-0123456789ab'],
  ['a_d.b__c-0123456789ab', 'compact_a__d_db____c-0123456789ab'],
  ['_.__._d-0123456789ab', 'compact____d_____d__d-0123456789ab'],
])('the memory of %s is compacted in %s, and nothing else is', (key, name) => {
  expect(compactionWorkspace(key)).toBe(name);
  expect(keyOfCompaction(name)).toBe(key);
});

it.each(['compact-ab2cd3ef', 'compact-foo-0123456789ab-ab2cd3ef', 'app-ab2cd3ef', 'app-ab2cd3ef-landing'])(
  '%s may be of a session, and is none of a compaction',
  (name) => {
    expect(keyOfCompaction(name)).toBeUndefined();
  },
);

import { expect, it } from 'vitest';
import { createJudge } from './judge.ts';

const route = { method: 'GET', path: '/rate_limit', answer: () => ({ status: 200 }) };

it('finds an answer that does not fit, says where, and lets the unknown pass', async () => {
  const found: string[] = [];
  const judge = await createJudge(found);
  expect(judge(route, 200, { rate: {} })).toMatch(/GET \/rate_limit 200 does not fit.*must have required property/);
  expect(found).toHaveLength(1);
  expect(judge(route, 418, { tea: true })).toBeUndefined();
  expect(judge({ ...route, path: '/not-known' }, 200, {})).toBeUndefined();
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWorkBench, type WorkBench } from '../../../testkit/github/work-bench.ts';
import type { Forge } from '../../ports/forge.ts';
import { systemClock } from '../clock/system-clock.ts';
import { githubForge } from './github-forge.ts';

let bench: WorkBench;
let forge: Forge;

beforeAll(async () => {
  bench = await openWorkBench();
  forge = forgeWith('alice-token');
});
afterAll(() => bench[Symbol.asyncDispose]());

function forgeWith(token: string): Forge {
  const clock = { ...systemClock(), sleep: () => Promise.resolve() };
  const made = githubForge({ apiUrl: bench.github.apiUrl, token, clock, userAgent: 'clone/test' });
  if (!made.ok) throw new Error(made.failure);
  return made.value;
}

it('makes a private, empty repository, and finds it again', async () => {
  expect(await forge.repository('alice/notes')).toEqual({ ok: true, value: undefined });
  const description = `Notes\nof ${'many words '.repeat(60)}`;
  expect(await forge.createRepository({ name: 'notes', description })).toEqual({
    ok: true,
    value: undefined,
  });
  expect(await forge.repository('alice/notes')).toMatchObject({
    ok: true,
    value: {
      slug: 'alice/notes',
      private: true,
      archived: false,
      description: expect.stringMatching(/^Notes of many words/) as string,
      cloneUrl: `${bench.github.url}/alice/notes.git`,
      branches: new Map(),
    },
  });
});

it('sees what was pushed since, without an old answer', async () => {
  await forge.createRepository({ name: 'grows', description: '' });
  await forge.repository('alice/grows');
  const checkout = await bench.checkout('grows');
  const sha = await checkout.commit('First', { 'a.txt': 'a\n' });
  await checkout.push(bench.remote('alice/grows'), 'HEAD:refs/heads/main');
  const found = await forge.repository('alice/grows');
  expect(found.ok && found.value?.branches).toEqual(new Map([['main', sha]]));
});

it('tells a public repository, a renamed one and one of somebody else', async () => {
  await bench.github.addRepo({ owner: 'alice', name: 'open' });
  expect(await forge.repository('alice/open')).toMatchObject({ value: { private: false } });
  await bench.github.addRepo({ owner: 'alice', name: 'before', private: true });
  await bench.as('alice-token').rest.repos.update({ owner: 'alice', repo: 'before', name: 'after' });
  expect(await forge.repository('alice/before')).toMatchObject({ value: { slug: 'alice/after' } });
  await bench.github.addRepo({ owner: 'bob', name: 'secret', private: true });
  expect(await forge.repository('bob/secret')).toEqual({ ok: true, value: undefined });
});

it.each<[what: string, go: () => Promise<unknown>, kind: string]>([
  ['a name that is taken', () => forge.createRepository({ name: 'Notes', description: '' }), 'access'],
  [
    'a token that nobody was given',
    () => forgeWith('nobody').createRepository({ name: 'x', description: '' }),
    'access',
  ],
  [
    'a server that is down',
    () => {
      bench.github.fault({ path: '*/user/repos', method: 'POST', status: 502 });
      return forge.createRepository({ name: 'down', description: '' });
    },
    'unavailable',
  ],
])('says what is wrong with %s, and asks once', async (_what, go, kind) => {
  const before = bench.github.requests.filter(({ method }) => method === 'POST').length;
  expect(await go()).toMatchObject({ ok: false, failure: { kind } });
  expect(bench.github.requests.filter(({ method }) => method === 'POST')).toHaveLength(before + 1);
});

import { expect, it } from 'vitest';
import type { Actor } from '../domain/issue.ts';
import { failed, ok } from '../domain/result.ts';
import type { TokenForge } from './front-context.ts';
import { issueOwner, ownerLine } from './issue-owner.ts';

const alice = { id: 12, type: 'User', login: 'alice' } as const;
const robot = { id: 70, type: 'Bot', login: 'clone[bot]' } as const;

function tokenOf(viewer: Actor & { readonly login: string }): TokenForge {
  return asked(ok(viewer));
}
const silent = (): TokenForge => asked(failed({ kind: 'unreachable' as const, message: 'no route' }));
function asked(answer: unknown): TokenForge {
  const forge = { issues: { viewer: () => Promise.resolve(answer) } };
  return { forge, from: 'GITHUB_TOKEN' } as unknown as TokenForge;
}

it.each<[set: object, held: TokenForge | undefined, line: string]>([
  [{}, undefined, 'not known without a token'],
  [{}, tokenOf(alice), 'alice (12); the account of the token (GITHUB_TOKEN)'],
  [
    {},
    tokenOf(robot),
    'none: the token (GITHUB_TOKEN) is that of the bot clone[bot] (70); set issue_owner_id',
  ],
  [{}, silent(), 'not known: GitHub could not be asked: no route'],
  [
    { owner: 12 },
    undefined,
    'account 12; issue_owner_id, from clone.yaml; its login is not known without a token',
  ],
  [
    { owner: 12 },
    tokenOf(alice),
    'alice (12); issue_owner_id, from clone.yaml; it is the account of the token (GITHUB_TOKEN)',
  ],
  [
    { owner: 12 },
    tokenOf(robot),
    'account 12; issue_owner_id, from clone.yaml; the token is that of clone[bot] (70)',
  ],
  [
    { owner: 12 },
    silent(),
    'account 12; issue_owner_id, from clone.yaml; GitHub could not be asked: no route',
  ],
  [{ enabled: false }, tokenOf(alice), 'issues_enabled is false, so no issue is read'],
])('the issue owner with %j is told, and how he is known', async (set, held, line) => {
  const { owner = 0, enabled = true } = set as { owner?: number; enabled?: boolean };
  const settings = {
    issue_owner_id: { value: owner, from: owner === 0 ? 'default' : 'clone.yaml' },
    issues_enabled: { value: enabled, from: 'default' },
  };
  const told = await issueOwner(settings, () => Promise.resolve(held));
  expect(ownerLine(told)).toBe(`Issue owner: ${line}`);
});

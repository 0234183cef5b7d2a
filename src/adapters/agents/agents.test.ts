import { expect, it } from 'vitest';

import type { Agent } from '../../ports/agents.ts';
import { knownAgents } from './agents.ts';

const agent = (name: string): Agent => ({
  name,
  probe: () => Promise.reject(new Error('not asked for')),
  turn: () => Promise.reject(new Error('not asked for')),
});

it('knows agents by their names, and no others', () => {
  const [codex, mine, again] = [agent('codex'), agent('mine'), agent('mine')];
  const agents = knownAgents([codex, mine, again]);
  expect(agents.named('codex')).toBe(codex);
  expect(agents.named('mine')).toBe(mine);
  expect(agents.named('other')).toBeUndefined();
});

import type { Agent, Agents } from '../../ports/agents.ts';

/** The agents of this home, by name. Of two with one name the first counts. */
export function knownAgents(agents: readonly Agent[]): Agents {
  return { named: (name) => agents.find((agent) => agent.name === name) };
}

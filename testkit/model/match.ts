import type { TurnRequest } from './read-request.ts';
import type { ReadyScenario } from './scenario.ts';

/** Gives each conversation turn its scenario, and remembers who has served what. */
export interface Casting {
  /** The first scenario that wants this turn, or for each scenario why it does not. */
  choose(request: TurnRequest): Cast | { readonly scenario: undefined; readonly reasons: readonly string[] };
}

/** A scenario that serves a turn; `call` counts from 1 the turns that matched it. */
export interface Cast {
  readonly scenario: ReadyScenario;
  readonly call: number;
}

/** A casting over these scenarios, nothing served yet. */
export function createCasting(scenarios: readonly ReadyScenario[]): Casting {
  const roles = scenarios.map((scenario) => ({ scenario, matched: 0, served: 0 }));

  return {
    choose(request) {
      const reasons: string[] = [];
      let cast: Cast | undefined;
      for (const role of roles) {
        const { name, match, times } = role.scenario;
        let reason = mismatch(match, request);
        if (reason === undefined) {
          // A turn counts for every scenario it fits, also when an earlier one serves it:
          // so `call: 1`, `call: 2` in a row mean the first and the second such turn.
          role.matched += 1;
          if (match.call && !match.call.includes(role.matched)) reason = `call is ${role.matched}`;
          else if (times !== undefined && role.served >= times) reason = `has served ${times} times`;
        }
        if (reason !== undefined) reasons.push(`${name} (${reason})`);
        else if (!cast) {
          role.served += 1;
          cast = { scenario: role.scenario, call: role.matched };
        }
      }
      return cast ?? { scenario: undefined, reasons };
    },
  };
}

function mismatch(match: ReadyScenario['match'], request: TurnRequest): string | undefined {
  if (match.turn && !match.turn.some((kind) => kind === request.turn))
    return `turn is ${request.turn ?? 'not given'}`;
  for (const key of ['repo', 'task', 'cwd', 'model', 'prompt', 'history'] as const) {
    const pattern = match[key];
    const value = request[key];
    if (!pattern || (value !== undefined && pattern.accepts(value))) continue;
    const long = key === 'prompt' || key === 'history';
    return long ? `${key} lacks ${pattern.source}` : `${key} is ${value ?? 'not given'}`;
  }
  return undefined;
}

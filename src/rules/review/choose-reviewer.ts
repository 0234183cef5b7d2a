import { failed, ok, type Result } from '../../domain/result.ts';

/** The options that say who reviews. */
export interface Reviewing {
  readonly review: 'none' | 'self' | 'second';
  readonly review_agent: string;
  readonly agent: string;
  /** Empty: there is no agent `command`. */
  readonly agent_command: string;
}

/** A setting that cannot be, and what to set instead. */
export interface NoReviewer {
  readonly message: string;
  readonly hint: string;
}

/** Who reviews: undefined for nobody. A second agent that is not there is a mistake of the configuration. */
export function chooseReviewer(asked: Reviewing): Result<string | undefined, NoReviewer> {
  if (asked.review === 'none') return ok(undefined);
  if (asked.review === 'self') return ok(asked.agent);
  const known = asked.agent_command.trim() === '' ? ['codex'] : ['codex', 'command'];
  if (asked.review_agent === '') {
    const other = known.find((name) => name !== asked.agent);
    return other === undefined
      ? failed({ message: `review: second needs an agent beside ${asked.agent}`, hint: setOne })
      : ok(other);
  }
  if (!known.includes(asked.review_agent)) {
    const message = `review_agent: there is no agent named ${asked.review_agent}`;
    return failed({ message, hint: asked.review_agent === 'command' ? setOne : 'codex, or command' });
  }
  if (asked.review_agent === asked.agent) {
    const message = `review: second, and review_agent is ${asked.agent}, which is the agent that does the work`;
    return failed({ message, hint: 'name another in review_agent, or set review: self' });
  }
  return ok(asked.review_agent);
}

const setOne =
  'set agent_command to the program of a second agent (docs/AGENTS.md), or review: self, which is the same agent in a fresh thread';

import { handOf } from '../../domain/fingerprint.ts';
import { type Instant, minutes } from '../../domain/time.ts';
import { asksAgainAt } from '../back-off.ts';
import type { Known, Observed } from './observed.ts';

/**
 * The forge tells whole seconds and not at once: a push so shortly before we asked may have been followed by another
 * one that looks the same.
 */
const settlesAfter = minutes(1);

/** Whether the remote of a repository without any other signal has to be asked for its tip now. */
export function mustAskRemote(known: Known, observed: Observed): boolean {
  const { remote, runBegan, at } = observed;
  if (remote.is === 'none' || remote.is === 'asked') return false;
  const look = known.remote;
  if (look === undefined) return true;
  if (observed.tasks.length > 0 || look.hand !== handOf(observed.parts)) return true;
  if (observed.named && (runBegan === undefined || look.askedAt < runBegan)) return true;
  if (look.problem !== undefined || remote.is === 'untold') return at >= asksAgainAt(look);
  return remote.pushedAt !== look.pushedAt || look.askedAt < remote.pushedAt + settlesAfter;
}

/** When it is asked again if nothing else happens; undefined: when the forge tells of a push, or a person acts. */
export function nextAsk(known: Known, observed: Observed): Instant | undefined {
  const { remote } = known;
  if (remote === undefined || observed.remote.is === 'none') return undefined;
  if (observed.remote.is === 'told' && remote.problem === undefined) return undefined;
  return asksAgainAt(remote);
}

import type { Fingerprint } from '../domain/fingerprint.ts';
import type { Sha } from '../domain/repo.ts';
import { digestOf } from '../rules/fingerprint.ts';
import type { Visit } from './visit.ts';

/** What a visit found: what was gathered before it began, at the tip that it starts from. */
export function fingerprintAt(
  visit: Pick<Visit, 'seen' | 'pushedAt'>,
  tip: Sha,
): { fingerprint: string; parts: Fingerprint; pushedAt: number | undefined } {
  const parts: Fingerprint = { ...visit.seen, commits: tip };
  return { fingerprint: digestOf(Object.entries(parts).flat()), parts, pushedAt: visit.pushedAt };
}

import type { FingerprintPart } from '../../domain/fingerprint.ts';
import { changedParts } from '../fingerprint.ts';
import type { Known, Observed } from './observed.ts';

/** The parts that changed since the last visit began. What we landed ourselves is no news. */
export function newsOf(known: Known, observed: Observed): ReadonlySet<FingerprintPart> {
  const { seen = {}, remote, landed } = known;
  const commits = observed.parts.commits ?? remote?.tip;
  const now = { ...observed.parts, ...(commits === undefined ? {} : { commits }) };
  const ours = new Set([landed, seen.commits, remote?.tip]);
  const changed = changedParts(seen, now).filter((part) => {
    if (part === 'commits') return now.commits !== landed;
    if (part === 'local' || part === 'tracked') return !ours.has(now[part]);
    return true;
  });
  return new Set(changed);
}

/** The parts that only a person changes: any of them ends a rest. */
const byHand: readonly FingerprintPart[] = ['entry', 'options', 'objective', 'prompts', 'commits', 'local'];

/** What a person did since the last visit, as far as it shows. */
export function personActs(news: ReadonlySet<FingerprintPart>): readonly FingerprintPart[] {
  return byHand.filter((part) => news.has(part));
}

import { createHash } from 'node:crypto';
import { type Fingerprint, type FingerprintPart, fingerprintParts } from '../domain/fingerprint.ts';

/** A digest of texts: the same texts in the same order, the same digest. */
export function digestOf(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:${text};`);
  return hash.digest('hex').slice(0, 32);
}

/** The parts that differ between two looks. What one of them did not look at does not count. */
export function changedParts(before: Fingerprint, now: Fingerprint): readonly FingerprintPart[] {
  return fingerprintParts.filter((part) => {
    const was = before[part];
    const is = now[part];
    return was !== undefined && is !== undefined && was !== is;
  });
}

import { createHash } from 'node:crypto';

/** A digest of everything that could be a new reason to work: same digest, nothing new. */
export function fingerprint(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:${part};`);
  return hash.digest('hex').slice(0, 32);
}

import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../rules/parse-duration.ts';

/** Reads `8h` on the command line. */
export function durationFlag(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.failure);
  return parsed.value;
}

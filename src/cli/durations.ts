import { InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../rules/parse-duration.ts';

/** `--since 8h`; a day when it is not given. In milliseconds. */
export function sinceOption(): Option {
  return new Option('--since <length>', 'how far back: 8h, 30m, 7d')
    .argParser(durationFlag)
    .default(durationFlag('24h'), '24h');
}

/** Reads `8h` on the command line. */
function durationFlag(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new InvalidArgumentError(parsed.failure);
  return parsed.value;
}

import { looksLikeError } from './looks-like-error.ts';

const mostLines = 6;

/**
 * What a log says went wrong, without what changes from one run to the next: numbers, ids, moments, durations and
 * the folders of the machine. The first few lines that look like an error, each once.
 */
export function errorLines(log: string): readonly string[] {
  const found = new Set<string>();
  for (const line of log.split('\n')) {
    if (!looksLikeError(line)) continue;
    const said = normalised(line);
    if (said !== '') found.add(said);
    if (found.size === mostLines) break;
  }
  return [...found];
}

/** The runner marks every failed step with the same sentence, whatever happened in it. */
const saysNothing = /^process completed with exit code #\.?$/;

function normalised(line: string): string {
  const said = line
    .replace(/^##\[error\]/, '')
    .toLowerCase()
    .replace(/(?:[a-z]:)?(?:[\\/][\w.@+~-]+)+[\\/]/g, '')
    .replace(/\b[0-9a-f]{7,64}\b/g, '#')
    .replace(/\d+(?:[.:,]\d+)*/g, '#')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  return saysNothing.test(said) ? '' : said;
}

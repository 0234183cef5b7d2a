import { failed, ok, type Result } from '../domain/result.ts';

/**
 * The words of a command line as a shell would see them, without being one: quotes and backslashes only keep words
 * together; nothing is expanded. Fails on a quote that is not closed.
 */
export function splitWords(line: string): Result<readonly string[], string> {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    const next = line.charAt(at + 1);
    if (char === '\\' && quote !== "'" && next !== '' && (quote === undefined || '"\\'.includes(next))) {
      word = (word ?? '') + next;
      at += 1;
    } else if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  if (quote !== undefined) return failed(`a ${quote} is not closed in: ${line}`);
  if (word !== undefined) words.push(word);
  return ok(words);
}

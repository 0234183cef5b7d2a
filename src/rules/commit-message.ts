import { neutralMessage } from './neutral-message.ts';

export interface Trailers {
  readonly run: string;
  readonly session: string;
  readonly task?: string | undefined;
  readonly turn?: string | undefined;
  /** Issues of the repository itself that the commit closes, because its owner wants that. */
  readonly closes?: readonly number[] | undefined;
}

/** What GitHub reads as "do not run CI": an agent must not be able to say that in our name. */
const skipWords = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/gi;
const ourTrailers = /^(?:clone-(?:run|session|task|turn)|skip-checks|co-authored-by|signed-off-by)\s*:.*$/gim;

/**
 * The message of a commit of ours: the agent's words without control characters, CI-skip words, trailers of its
 * own, or anything that closes issues or calls people; a subject of at most 72 characters, and our trailers.
 */
export function commitMessage(proposed: string, fallback: string, trailers: Trailers): string {
  const clean = (text: string): string =>
    text
      .replace(/\r\n?/g, '\n')
      .replace(/(?![\n\t])\p{Cc}|\p{Cf}/gu, '')
      .replace(skipWords, '')
      .replace(ourTrailers, '')
      .replace(/^.*$/gm, neutralMessage);
  const [first = '', ...rest] = clean(proposed).trim().split('\n');
  const subject = shorten(first.trim()) || shorten(clean(fallback).trim().split('\n')[0] ?? '') || 'Change';
  const body = rest
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .slice(0, 4000);
  const closing = (trailers.closes ?? []).map((number) => `Closes #${number}`).join('\n');
  const lines = [
    `Clone-Run: ${trailers.run}`,
    `Clone-Session: ${trailers.session}`,
    ...(trailers.task ? [`Clone-Task: ${trailers.task}`] : []),
    ...(trailers.turn ? [`Clone-Turn: ${trailers.turn}`] : []),
  ];
  return `${[subject, ...(body ? [body] : []), ...(closing ? [closing] : []), lines.join('\n')].join('\n\n')}\n`;
}

function shorten(subject: string): string {
  const plain = subject
    .replace(/^#+\s*/, '')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length <= 72 ? plain : `${plain.slice(0, 71).trimEnd()}…`;
}

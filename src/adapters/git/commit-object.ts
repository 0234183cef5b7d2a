import type { Sha } from '../../domain/repo.ts';
import type { Author } from '../../ports/mirrors.ts';

/**
 * A commit as `git commit-tree` would write it, by and from the same author, now. Undefined for what git would
 * refuse, so that git can say why.
 */
export function commitText(
  commit: { tree: Sha; parent: Sha; message: string; author: Author },
  now: Date,
): Buffer | undefined {
  const { tree, parent, message } = commit;
  const name = withoutCrud(commit.author.name);
  const email = withoutCrud(commit.author.email);
  if (name === '' || message.includes('\0')) return undefined;
  const who = `${name} <${email}> ${Math.floor(now.getTime() / 1000)} ${offsetOf(now)}`;
  const lines = [
    `tree ${tree}`,
    `parent ${parent}`,
    `author ${who}`,
    `committer ${who}`,
    '',
    wholeLines(message),
  ];
  return Buffer.from(lines.join('\n'));
}

/** The message as the commit keeps it. */
export function wholeLines(message: string): string {
  return message === '' || message.endsWith('\n') ? message : `${message}\n`;
}

/** The first paragraph, in one line: what `%s` of `git log` shows. */
export function subjectOf(message: string): string {
  const [first = ''] = message.replace(/^(?:[^\S\n]*\n)+/, '').split(/\n[^\S\n]*(?:\n|$)/);
  return first.split('\n').join(' ').trimEnd();
}

/** Git keeps line ends and angle brackets out of names, and punctuation and blanks off their ends. */
export function withoutCrud(text: string): string {
  const crud = String.raw`[\x00-\x20.,:;<>"\\']`;
  return text.replaceAll(new RegExp(`^${crud}+|${crud}+$|[\\n<>]`, 'g'), '');
}

function offsetOf(now: Date): string {
  const minutes = -now.getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}${String(rest).padStart(2, '0')}`;
}

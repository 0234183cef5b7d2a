import type { GitFailure } from '../../ports/mirrors.ts';

type Told = Exclude<GitFailure, { kind: 'moved' } | { kind: 'conflict' }>;

/** Turns what git said about a remote into a failure. The text is expected to be free of secrets already. */
export function explainRemote(said: string): Told {
  const message = shorten(said);
  if (/couldn't find remote ref|remote branch .* not found/i.test(said)) {
    return { kind: 'no-such-branch', message };
  }
  if (refusals.some((pattern) => pattern.test(said))) return { kind: 'access', message };
  if (troubles.some((pattern) => pattern.test(said))) return { kind: 'unreachable', message };
  return { kind: 'git', message };
}

const refusals: readonly RegExp[] = [
  /authentication failed|could not read (?:username|password)|terminal prompts disabled/i,
  /does not accept the login|wants a login/,
  /permission (?:to .* )?denied|permission denied|access denied|invalid credentials|not authorized/i,
  /requested URL returned error: 40[134]|HTTP 40[134]/i,
  /repository .*not found|host key verification failed|detected dubious ownership/i,
  /\[remote rejected\]|GH00\d|protected branch|hook declined|without `?workflow`? scope/i,
];

const troubles: readonly RegExp[] = [
  /could not resolve|couldn't resolve|failed to connect|couldn't connect|connection (?:refused|reset|timed out|closed)/i,
  /network is unreachable|no route to host|operation timed out|timed out after|too slow|broken pipe/i,
  /early EOF|hung up unexpectedly|unexpected disconnect|RPC failed|empty reply|requested URL returned error/i,
  /unable to access|could not read from remote|does not appear to be a git repository|SSL|TLS|gnutls/i,
];

/** The lines that matter, in a length that fits a report. */
export function shorten(said: string): string {
  const lines = said
    .split('\n')
    .map((line) => line.replace(/^remote:\s?/, '').trim())
    .filter(
      (line) =>
        line !== '' &&
        !/^(?:hint:|To |From |Done$|Everything up-to-date|error: failed to push some refs)/.test(line),
    );
  const text = lines.join('\n');
  return text.length > 2_000 ? `${text.slice(0, 2_000)}…` : text;
}

/** A failure of our own git work, with what git said. */
export function gitFailure(what: string, said: string): GitFailure {
  return { kind: 'git', message: `${what}: ${shorten(said) || 'git gave no reason'}` };
}

import { failed, ok, type Result } from '../domain/result.ts';

export interface Request {
  readonly repo: string;
  readonly title: string;
}

/**
 * What a person asks for, as they type it: with `--repo`, or as `for jwt-workbench: add CSV export`. A repository
 * named in both ways must be the same.
 */
export function parseRequest(text: string, repo: string | undefined): Result<Request, string> {
  const words = text.trim().replace(/\s+/g, ' ');
  const chat = /^(?:for|in|on)\s+([^\s:]+)\s*:\s*(.+)$/i.exec(words);
  const named = chat?.[1];
  const title = chat?.[2] ?? words;
  if (title === '') return failed('the task is empty');
  if (repo !== undefined && named !== undefined && named !== repo) {
    return failed(`it names two repositories: ${named} in the text, ${repo} with --repo`);
  }
  const wanted = repo ?? named;
  if (wanted === undefined) return failed('it names no repository');
  return ok({ repo: wanted, title: capital(title).slice(0, 200) });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

import type { Repo } from '../domain/repo.ts';
import { lintMemory } from '../rules/memory/lint-memory.ts';
import { counted } from '../status/memory-page.ts';
import { oneLine } from '../status/one-line.ts';
import { readCheckoutMemory } from './checkout-memory.ts';
import { type CommonFlags, exitCodes } from './context.ts';
import { findRepo, readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';

interface Finding {
  readonly repo: string;
  readonly file: string;
  readonly line: number | null;
  readonly message: string;
}

/** Everything in the files of one checkout, or of all, that does not have its format. */
export async function lintCheckouts(
  context: FrontContext,
  name: string,
  flags: CommonFlags,
): Promise<number> {
  const home = await context.home(flags);
  const all = await readRepos(context, home);
  const repos = name === 'all' ? all : [findRepo(all, name)];
  const files = await context.files();
  const findings: Finding[] = [];
  let read = 0;
  for (const repo of repos) {
    const found = await lintOne(files, repo);
    read += found.files;
    findings.push(...found.findings);
  }
  if (flags.json) {
    context.print(
      JSON.stringify({ schema_version: 1, repositories: repos.length, files: read, findings }, null, 2),
    );
  } else {
    for (const { file, line, message } of findings)
      context.print(oneLine(`${file}${line === null ? '' : `:${line}`}: ${message}`));
    const where = `${counted(read, 'file')} of ${counted(repos.length, 'repository', 'repositories')}`;
    context.print(
      `${findings.length === 0 ? 'no finding' : counted(findings.length, 'finding')} in ${where}`,
    );
  }
  return findings.length === 0 ? exitCodes.done : exitCodes.wrong;
}

async function lintOne(
  files: Parameters<typeof readCheckoutMemory>[0],
  repo: Repo,
): Promise<{ readonly files: number; readonly findings: readonly Finding[] }> {
  const found = (await readCheckoutMemory(files, repo)).filter(
    ({ text, problem }) => text !== undefined || problem !== undefined,
  );
  const findings = found.flatMap(({ kind, path: file, text, problem, line }): readonly Finding[] => {
    if (problem !== undefined) return [{ repo: repo.name, file, line: line ?? null, message: problem }];
    return lintMemory(kind, text ?? '').map((finding) => ({ repo: repo.name, file, ...finding }));
  });
  return { files: found.length, findings };
}

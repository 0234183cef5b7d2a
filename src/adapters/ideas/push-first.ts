import type { Identity, Sha } from '../../domain/repo.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { GitFailure } from '../../ports/mirrors.ts';
import { explainRemote, gitFailure } from '../git/explain.ts';
import { readRef } from '../git/ref-files.ts';
import { parseRemote } from '../git/remote-url.ts';
import { findRepository, readConfig } from '../git/user-repository.ts';
import { type IncubatorContext, mirrorFolder } from './idea-seed.ts';

const ref = 'refs/heads/main';

/** Pushes out of our mirror, where no setting of the agent's can be. Whatever git says, the remote is read back. */
export async function pushFirst(
  context: IncubatorContext,
  seed: Identity,
  url: string,
  sha: Sha,
): Promise<Result<void, GitFailure>> {
  const { run, access } = context;
  const gitDir = mirrorFolder(context, seed);
  const remote = parseRemote(url, '/');
  const call = { gitDir, ...(await access.to(remote)) };
  const tip = async (): Promise<Result<string | undefined, GitFailure>> => {
    const out = await run(['ls-remote', '--quiet', '--', remote.url, ref], call);
    if (!out.ok) return failed(explainRemote(access.redact(remote, out.stderr)));
    return ok(
      out.stdout
        .split('\n')
        .find((line) => line.endsWith(`\t${ref}`))
        ?.split('\t')[0],
    );
  };
  const before = await tip();
  if (!before.ok) return before;
  if (before.value === sha) return ok(undefined);
  if (before.value !== undefined)
    return failed({
      kind: 'moved',
      message: 'main on GitHub has commits that are not ours',
      tip: before.value,
    });
  // "It must not exist": somebody who is faster is never written over.
  const flags = ['--porcelain', '--quiet', '--no-verify', `--force-with-lease=${ref}:`];
  const out = await run(['push', ...flags, '--', remote.url, `${sha}:${ref}`], call);
  const after = await tip();
  if (after.ok && after.value === sha) return ok(undefined);
  return failed(explainRemote(access.redact(remote, `${out.stderr}\n${out.stdout}`)));
}

/** Tells the user's repository of its origin, as if it had been cloned from there. */
export async function connect(
  { run }: IncubatorContext,
  at: string,
  url: string,
  sha: Sha,
): Promise<Result<void, GitFailure>> {
  const place = await findRepository(at);
  if (!place)
    return failed({ kind: 'not-a-repository', message: `there is no repository at ${at} any more` });
  const gitDir = place.commonDir;
  const known = (await readConfig(gitDir)).get('remote.origin.url')?.[0];
  if (known !== undefined && known !== url)
    return failed({
      kind: 'in-the-way',
      message: `${at} has another origin already: ${parseRemote(known, at).shown}`,
    });
  const settings = [
    ['remote.origin.url', url],
    ['remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*'],
    ['branch.main.remote', 'origin'],
    ['branch.main.merge', ref],
  ] as const;
  for (const [key, value] of settings) {
    const out = await run(['config', '--local', key, value], { gitDir });
    if (!out.ok) return failed(gitFailure(`setting ${key}`, out.stderr));
  }
  if ((await readRef(gitDir, 'refs/remotes/origin/main')) === undefined) {
    const tracked = await run(['update-ref', 'refs/remotes/origin/main', sha], { gitDir });
    if (!tracked.ok) return failed(gitFailure('noting what was pushed', tracked.stderr));
  }
  const head = ['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main'];
  const noted = await run(head, { gitDir });
  return noted.ok ? ok(undefined) : failed(gitFailure('noting what was pushed', noted.stderr));
}

import { listRefs, resolveCommit } from '../git/git.ts';
import { moveRef } from '../git/move-ref.ts';
import { pageOf } from '../http/paging.ts';
import { created, found, noContent, notFound, problem } from '../http/reply.ts';
import { type Call, type Route, repoRoute } from '../http/route.ts';
import type { Repo } from '../model.ts';
import { showCommit } from '../show/commit.ts';
import { nodeId } from '../show/site.ts';
import { fullName } from '../state.ts';
import { flag, text } from './fields.ts';

export const refRoutes: readonly Route[] = [
  repoRoute('GET', '/branches', 'read', async (repo, call) => {
    const heads = await listRefs(call.world.git, repo.gitDir, 'refs/heads/');
    const only = call.query.get('protected');
    const rows = heads
      .map(({ ref, sha }) => ({ name: ref.replace('refs/heads/', ''), sha }))
      .filter(({ name }) => only === null || repo.protectedBranches.has(name) === (only === 'true'));
    return pageOf(call, rows, ({ name, sha }) => ({
      name,
      commit: { sha, url: `${api(repo, call)}/commits/${sha}` },
      protected: repo.protectedBranches.has(name),
    }));
  }),
  repoRoute('GET', '/branches/{branch}/protection', 'admin', (repo, call) => {
    const branch = call.params['branch'] ?? '';
    if (!repo.protectedBranches.has(branch)) return problem(404, 'Branch not protected');
    return found({
      url: `${api(repo, call)}/branches/${branch}/protection`,
      required_pull_request_reviews: {
        url: `${api(repo, call)}/branches/${branch}/protection/required_pull_request_reviews`,
        dismiss_stale_reviews: false,
        require_code_owner_reviews: false,
        required_approving_review_count: 1,
      },
      enforce_admins: {
        url: `${api(repo, call)}/branches/${branch}/protection/enforce_admins`,
        enabled: true,
      },
    });
  }),
  repoRoute('GET', '/branches/{branch}', 'read', async (repo, call) => {
    const name = call.params['branch'] ?? '';
    const sha = await call.world.git.ask(repo.gitDir, ['rev-parse', '--verify', '-q', `refs/heads/${name}`]);
    const commit = sha === undefined ? undefined : await call.world.commits.read(repo.gitDir, sha);
    if (commit === undefined) return problem(404, 'Branch not found');
    const guarded = repo.protectedBranches.has(name);
    const url = `${api(repo, call)}/branches/${name}`;
    return found({
      name,
      commit: showCommit(call.world, repo, commit),
      _links: { self: url, html: `${call.world.site.url}/${fullName(repo)}/tree/${name}` },
      protected: guarded,
      protection: {
        enabled: guarded,
        required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
      },
      protection_url: `${url}/protection`,
    });
  }),
  repoRoute('GET', '/rules/branches/{branch}', 'read', (repo, call) => {
    const guarded = repo.protectedBranches.has(call.params['branch'] ?? '');
    const source = { ruleset_source_type: 'Repository', ruleset_source: fullName(repo), ruleset_id: repo.id };
    const rules = guarded ? ['deletion', 'non_fast_forward'] : [];
    return pageOf(call, rules, (type) => ({ type, ...source }));
  }),
  repoRoute('GET', '/git/ref/{ref}', 'read', async (repo, call) => {
    const ref = `refs/${call.params['ref'] ?? ''}`;
    const hit = (await listRefs(call.world.git, repo.gitDir, ref)).find((each) => each.ref === ref);
    return hit === undefined ? notFound() : found(showRef(repo, call, hit));
  }),
  repoRoute('GET', '/git/matching-refs/{ref}', 'read', async (repo, call) => {
    const start = `refs/${call.params['ref'] ?? ''}`;
    const all = await listRefs(call.world.git, repo.gitDir, 'refs/');
    return pageOf(
      call,
      all.filter(({ ref }) => ref.startsWith(start)),
      (ref) => showRef(repo, call, ref),
    );
  }),
  repoRoute('POST', '/git/refs', 'write', async (repo, call) => {
    const ref = text(call, 'ref') ?? '';
    const sha = text(call, 'sha') ?? '';
    if (!/^refs\/[^/]+\/.+/.test(ref))
      return problem(422, 'Reference name must start with "refs/" and have two slashes.');
    const fine = await call.world.git.ask(repo.gitDir, ['check-ref-format', ref]);
    if (fine === undefined) return problem(422, `${ref} is not a valid ref name.`);
    const commit = await resolveCommit(call.world.git, repo.gitDir, sha);
    if (commit === undefined || commit !== sha) return problem(422, 'Object does not exist');
    const taken = await call.world.git.ask(repo.gitDir, ['rev-parse', '--verify', '-q', ref]);
    if (taken !== undefined) return problem(422, 'Reference already exists');
    await moveRef(call.world, repo, { ref, to: sha, by: call.viewer! });
    return created(showRef(repo, call, { ref, sha, type: 'commit' }));
  }),
  repoRoute('PATCH', '/git/refs/{ref}', 'write', async (repo, call) => {
    const { git } = call.world;
    const ref = `refs/${call.params['ref'] ?? ''}`;
    const sha = text(call, 'sha') ?? '';
    const old = await git.ask(repo.gitDir, ['rev-parse', '--verify', '-q', ref]);
    if (old === undefined) return problem(422, 'Reference does not exist');
    if ((await resolveCommit(git, repo.gitDir, sha)) === undefined)
      return problem(422, 'Object does not exist');
    const forward = await git.ask(repo.gitDir, ['merge-base', '--is-ancestor', old, sha]);
    if (forward === undefined && flag(call, 'force') !== true)
      return problem(422, 'Update is not a fast forward');
    if (repo.protectedBranches.has(ref.replace('refs/heads/', ''))) {
      return problem(422, 'Changes must be made through a pull request.');
    }
    await moveRef(call.world, repo, { ref, to: sha, by: call.viewer! });
    return found(showRef(repo, call, { ref, sha, type: 'commit' }));
  }),
  repoRoute('DELETE', '/git/refs/{ref}', 'write', async (repo, call) => {
    const ref = `refs/${call.params['ref'] ?? ''}`;
    const old = await call.world.git.ask(repo.gitDir, ['rev-parse', '--verify', '-q', ref]);
    if (old === undefined) return problem(422, 'Reference does not exist');
    if (repo.protectedBranches.has(ref.replace('refs/heads/', ''))) {
      return problem(422, 'Cannot delete a protected branch');
    }
    await call.world.git.must(repo.gitDir, ['update-ref', '-d', ref]);
    return noContent();
  }),
];

function showRef(
  repo: Repo,
  call: Call,
  { ref, sha, type }: { ref: string; sha: string; type: string },
): unknown {
  const url = api(repo, call);
  return {
    ref,
    node_id: nodeId('Ref', `${String(repo.id)}:${ref}`),
    url: `${url}/git/${ref}`,
    object: { sha, type, url: `${url}/git/${type}s/${sha}` },
  };
}

function api(repo: Repo, call: Call): string {
  return `${call.world.site.api}/repos/${fullName(repo)}`;
}

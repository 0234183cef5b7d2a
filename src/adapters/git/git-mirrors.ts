import { lstatSync } from 'node:fs';
import path from 'node:path';
import type { Identity, Sha } from '../../domain/repo.ts';
import { failed, ok } from '../../domain/result.ts';
import type { Author, Mirror, Mirrors } from '../../ports/mirrors.ts';
import { humanLines } from './blame.ts';
import { updateCheckout } from './checkout.ts';
import { valueOf } from './config-file.ts';
import { orDiskFailure } from './disk-failure.ts';
import { fetchBranch, seedFromUser } from './fetch-branch.ts';
import { identify } from './identify.ts';
import { change, commits, diff, list, readFile } from './inspect.ts';
import { land, leaveBranch } from './land.ts';
import { looseObjects } from './loose-objects.ts';
import type { MirrorContext } from './mirror-context.ts';
import { contains } from './mirror-context.ts';
import { writeRef } from './ref-files.ts';
import { createRemoteAccess } from './remote-access.ts';
import { writeRepository } from './repository-folder.ts';
import { rebase, revert } from './rewrite.ts';
import { createRunGit } from './run-git.ts';
import { readConfig, readRemotes, remoteName } from './user-repository.ts';
import { adoptWorkspace, discardWorkspace, openWorkspace, workspaces } from './workspace.ts';

export interface GitMirrorsOptions {
  /** `<home>/.clone`: mirrors, workspaces and scratch space go below it. */
  readonly folder: string;
  /** The user's environment; little of it is ever handed on. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The token for a remote URL, if we hold one. */
  readonly tokenFor: (url: string) => string | undefined;
  /** Who signs our commits. */
  readonly author: Author | ((identity: Identity) => Author);
}

/** Mirrors made with the machine's git (2.32 or newer), out of reach of hooks, settings and prompts. */
export function gitMirrors(options: GitMirrorsOptions): Mirrors {
  const { environment, tokenFor, author } = options;
  const folder = path.resolve(options.folder);
  const run = createRunGit(environment);
  const access = createRemoteAccess({ run, environment, tokenFor });

  async function contextOf(
    identity: Identity,
  ): Promise<{ context: MirrorContext; seed: string | undefined }> {
    const config = await readConfig(identity.gitDir);
    const remotes = readRemotes(config, identity.branch, identity.checkout ?? identity.gitDir);
    const gitDir = path.join(folder, 'mirrors', `${identity.key}.git`);
    const sha256 = valueOf(config, 'extensions.objectformat') === 'sha256';
    const context: MirrorContext = {
      identity,
      gitDir,
      folder,
      sha256,
      remotes,
      run,
      access,
      author: typeof author === 'function' ? author(identity) : author,
      trees: new Map(),
      parents: new Map(),
      objects: looseObjects(gitDir, sha256),
      made: new Map(),
      compared: new Map(),
    };
    const far = remotes !== undefined && remotes.fetch.transport !== 'local';
    return { context, seed: far ? remoteName(config, identity.branch) : undefined };
  }

  return {
    identify,
    async sync(identity) {
      const { context, seed } = await contextOf(identity);
      return orDiskFailure(`syncing the mirror of ${identity.key}`, async () => {
        const isNew = !isThere(context.gitDir);
        if (isNew) await createMirror(context);
        if (isNew && seed !== undefined) await seedFromUser(context, seed);
        const tip = await fetchBranch(context);
        return tip.ok ? ok(mirrorOf(context, tip.value)) : tip;
      });
    },
    async existing(identity, tip) {
      const { context } = await contextOf(identity);
      return isThere(context.gitDir) ? mirrorOf(context, tip) : undefined;
    },
    workspaces: () => workspaces(folder),
    discardWorkspace: (session) => discardWorkspace(folder, session),
  };
}

/** The file that is written last: with it a mirror is whole, and until then it is made anew. */
function isThere(gitDir: string): boolean {
  return lstatSync(path.join(gitDir, 'HEAD'), { throwIfNoEntry: false }) !== undefined;
}

function createMirror({ gitDir, sha256 }: MirrorContext): Promise<void> {
  return writeRepository({ gitDir, head: 'ref: refs/heads/none', bare: true, sha256 });
}

function mirrorOf(context: MirrorContext, syncedTip: Sha): Mirror {
  let tip = syncedTip;
  return {
    identity: context.identity,
    get tip() {
      return tip;
    },
    openWorkspace: (session, at) => openWorkspace(context, session, at),
    adoptWorkspace: (session, base) => adoptWorkspace(context, session, base),
    rebase: (from, to, onto) => rebase(context, from, to, onto),
    change: (from, to) => change(context, from, to),
    diff: (from, to, maxBytes) => diff(context, from, to, maxBytes),
    commits: (from, to) => commits(context, from, to),
    contains: (sha, ancestor) => contains(context, sha, ancestor),
    readFile: (sha, file, maxBytes) => readFile(context, sha, file, maxBytes),
    list: (sha, below) => list(context, sha, below),
    humanLines: (sha, file) => humanLines(context, sha, file),
    revert: (shas, onto, message) => revert(context, shas, onto, message),
    async keep(ref, sha) {
      if (!ref.startsWith('refs/clone/')) throw new Error(`commits are kept under refs/clone/, not ${ref}`);
      await writeRef(context.gitDir, ref, sha);
    },
    async refresh() {
      const fetched = await fetchBranch(context);
      if (!fetched.ok) return failed(fetched.failure);
      tip = fetched.value;
      return fetched;
    },
    async land(sha, expected) {
      const landed = await orDiskFailure('landing', () => land(context, sha, expected));
      if (landed.ok) tip = sha;
      return landed;
    },
    leaveBranch: (name, sha) => leaveBranch(context, name, sha),
    updateCheckout: (sha) => updateCheckout(context, sha),
  };
}

import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Identity, Sha } from '../../domain/repo.ts';
import type { Result } from '../../domain/result.ts';
import type { Mirror, Mirrors, Workspace } from '../../ports/mirrors.ts';
import { gitMirrors } from './git-mirrors.ts';

/** For tests: what a person has on disk, in a folder that is gone afterwards. */
export interface TestRepositories extends AsyncDisposable {
  readonly folder: string;
  /** `<home>/.clone`. */
  readonly home: string;
  /** A bare repository with one commit on its branch. */
  readonly remote: string;
  /** The user's clone of it. */
  readonly user: string;
  readonly mirrors: Mirrors;
  readonly environment: Readonly<Record<string, string>>;
  /** Plain git, as the user would run it; answers what it prints. */
  git(cwd: string, ...args: string[]): string;
  write(file: string, text: string): void;
  read(file: string): string;
  /** A commit by a person, in the user's clone or in another one. */
  commitAs(cwd: string, name: string, text: string, message?: string): Sha;
  /** A second clone, for what colleagues do meanwhile. */
  colleague(): string;
  identify(branch?: string): Promise<Identity>;
  sync(): Promise<Mirror>;
  open(session?: string): Promise<{ mirror: Mirror; workspace: Workspace; base: Sha }>;
  /** The file edited in the workspace, snapshot and commit. */
  deliver(workspace: Workspace, parent: Sha, files: Readonly<Record<string, string>>): Promise<Sha>;
}

export interface TestRepositoriesOptions {
  readonly branch?: string;
  readonly withRemote?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

export async function testRepositories(options: TestRepositoriesOptions = {}): Promise<TestRepositories> {
  const { branch = 'main', withRemote = true } = options;
  const folder = realpathSync(await mkdtemp(path.join(os.tmpdir(), 'clone-git-')));
  const [home, remote, user] = ['home/.clone', 'remote.git', 'user'].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  const globalConfig = path.join(folder, 'gitconfig');
  writeFileSync(globalConfig, '[user]\nname = A Person\nemail = person@example.org\n');
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    GIT_CONFIG_GLOBAL: globalConfig,
    GIT_CONFIG_NOSYSTEM: '1',
    ...options.environment,
  };
  const mirrors = gitMirrors({ folder: home, environment, tokenFor: () => undefined, author: ours });

  const git = (cwd: string, ...args: string[]): string =>
    execFileSync('git', args, {
      cwd,
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const commitAs = (cwd: string, name: string, text: string, message = `change ${name}`): Sha => {
    write(path.join(cwd, name), text);
    git(cwd, 'add', '-A');
    git(cwd, 'commit', '-q', '-m', message);
    return git(cwd, 'rev-parse', 'HEAD');
  };

  git(folder, 'init', '-q', '--template=', '-b', branch, user);
  write(path.join(user, 'README.md'), '# a repository\n');
  write(path.join(user, '.gitignore'), '.env\nnode_modules/\n');
  commitAs(user, 'src/code.txt', 'one\ntwo\nthree\n', 'first');
  if (withRemote) cloneByHand(user, remote, branch);

  const identify = async (wanted = ''): Promise<Identity> =>
    must(await mirrors.identify({ name: 'user', path: user, branch: wanted }));
  const sync = async (): Promise<Mirror> => must(await mirrors.sync(await identify()));
  return {
    ...{ folder, home, remote, user, mirrors, environment, git, write, commitAs, identify, sync },
    read: (file) => readFileSync(file, 'utf8'),
    colleague() {
      const other = path.join(folder, 'colleague');
      git(folder, 'clone', '-q', remote, other);
      return other;
    },
    async open(session = 's1') {
      const mirror = await sync();
      return { mirror, base: mirror.tip, workspace: must(await mirror.openWorkspace(session, mirror.tip)) };
    },
    async deliver(workspace, parent, files) {
      for (const [name, text] of Object.entries(files)) write(path.join(workspace.folder, name), text);
      const { tree } = must(await workspace.snapshot(parent));
      return must(await workspace.commit(tree, parent, `work on ${Object.keys(files).join(', ')}\n`));
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What `git clone --bare`, `remote add` and `fetch` would leave, without their processes: tests are many. */
function cloneByHand(user: string, remote: string, branch: string): void {
  const git = path.join(user, '.git');
  cpSync(git, remote, { recursive: true });
  rmSync(path.join(remote, 'index'));
  writeFileSync(path.join(remote, 'config'), '[core]\nrepositoryformatversion = 0\nbare = true\n');
  const origin = `[remote "origin"]\nurl = ${remote}\nfetch = +refs/heads/*:refs/remotes/origin/*\n`;
  appendFileSync(path.join(git, 'config'), origin);
  const refs = path.join(git, 'refs/remotes/origin');
  mkdirSync(refs, { recursive: true });
  cpSync(path.join(git, 'refs/heads', branch), path.join(refs, branch));
  writeFileSync(path.join(refs, 'HEAD'), `ref: refs/remotes/origin/${branch}\n`);
}

export const ours = { name: 'Clone Engineer', email: 'clone@example.org' };

/** The value; a failure fails the test. */
export function must<Value>(result: Result<Value, { kind: string; message: string }>): Value {
  if (!result.ok) throw new Error(`${result.failure.kind}: ${result.failure.message}`);
  return result.value;
}

/** The failure; a value fails the test. */
export function mustFail<Failure>(result: Result<unknown, Failure>): Failure {
  if (result.ok) throw new Error('expected a failure');
  return result.failure;
}

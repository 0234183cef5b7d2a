import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** The folders of one job; gone with everything in them when disposed. */
export interface JobFolders extends AsyncDisposable {
  workspace: string;
  home: string;
  /** RUNNER_TEMP: scripts, command files, the event. */
  temp: string;
  tools: string;
  /** One named pipe per step. */
  pipes: string[];
}

/** Fresh folders laid out as on a GitHub machine, the workspace empty. */
export async function makeJobFolders(repository: string, pipeCount: number): Promise<JobFolders> {
  const root = await mkdtemp(path.join(await realpath(os.tmpdir()), 'actions-job-'));
  const name = (repository.split('/')[1] ?? 'repository').replaceAll(/[^\w.-]/g, '-');
  const folders = {
    workspace: path.join(root, 'work', name, name),
    home: path.join(root, 'home'),
    temp: path.join(root, 'work', '_temp'),
    tools: path.join(root, 'tools'),
  };
  const pipes = Array.from({ length: pipeCount }, (_, index) => path.join(root, `output-${index}`));
  await Promise.all([
    ...Object.values(folders).map((folder) => mkdir(folder, { recursive: true })),
    pipes.length > 0 ? promisify(execFile)('mkfifo', ['-m', '600', ...pipes]) : undefined,
  ]);
  return { ...folders, pipes, [Symbol.asyncDispose]: () => removeTree(root) };
}

async function removeTree(root: string): Promise<void> {
  await rm(root, { recursive: true, force: true, maxRetries: 3 }).catch(async () => {
    // A step took away its own right to delete.
    await promisify(execFile)('chmod', ['-R', 'u+rwX', root]).catch(() => undefined);
    await rm(root, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  });
}

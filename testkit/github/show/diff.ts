import type { Repo } from '../model.ts';
import { fullName } from '../state.ts';
import type { World } from '../world.ts';

/** One changed file as GitHub lists it; at most 300 are listed. */
export interface ChangedFile {
  sha: string | null;
  filename: string;
  status: 'added' | 'removed' | 'modified' | 'renamed';
  additions: number;
  deletions: number;
  changes: number;
  blob_url: string;
  raw_url: string;
  contents_url: string;
  patch?: string;
  previous_filename?: string;
}

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';

export async function changedFiles(
  { git, site }: Pick<World, 'git' | 'site'>,
  repo: Repo,
  from: string | undefined,
  to: string,
): Promise<ChangedFile[]> {
  const base = from ?? emptyTree;
  const raw = await git.ask(repo.gitDir, ['diff-tree', '-r', '-z', '--raw', '--numstat', '-M', base, to]);
  const fields = (raw ?? '').split('\0');
  const files: ChangedFile[] = [];
  const byName = new Map<string, ChangedFile>();
  for (let at = 0; at < fields.length; at += 1) {
    const field = fields[at] ?? '';
    const head = /^:\d+ \d+ \w+ (\w+) ([A-Z])/.exec(field);
    if (head !== null) {
      const first = fields[(at += 1)] ?? '';
      const renamed = head[2] === 'R' || head[2] === 'C';
      const name = renamed ? (fields[(at += 1)] ?? '') : first;
      const page = `${site.url}/${fullName(repo)}`;
      const encoded = name.split('/').map(encodeURIComponent).join('/');
      const file: ChangedFile = {
        sha: head[1] ?? '',
        filename: name,
        status: statusOf(head[2] ?? 'M'),
        additions: 0,
        deletions: 0,
        changes: 0,
        blob_url: `${page}/blob/${to}/${encoded}`,
        raw_url: `${page}/raw/${to}/${encoded}`,
        contents_url: `${site.api}/repos/${fullName(repo)}/contents/${encoded}?ref=${to}`,
        ...(renamed ? { previous_filename: first } : {}),
      };
      files.push(file);
      byName.set(name, file);
      continue;
    }
    const count = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field);
    if (count === null) continue;
    const name = count[3] === '' ? (fields[(at += 2)] ?? '') : (count[3] ?? '');
    const file = byName.get(name);
    if (file === undefined) continue;
    file.additions = Number(count[1]) || 0;
    file.deletions = Number(count[2]) || 0;
    file.changes = file.additions + file.deletions;
  }
  const shown = files.slice(0, 300);
  await Promise.all(
    shown.slice(0, 50).map(async (file) => {
      if (file.changes === 0) return;
      const patch = await git.ask(repo.gitDir, ['diff-tree', '-p', '-M', base, to, '--', file.filename]);
      const hunks = patch?.indexOf('\n@@') ?? -1;
      if (patch !== undefined && hunks >= 0) file.patch = patch.slice(hunks + 1);
    }),
  );
  return shown;
}

/** The same change as text, for the media types diff and patch. */
export async function diffText(
  { git }: Pick<World, 'git'>,
  repo: Repo,
  from: string | undefined,
  to: string,
): Promise<string> {
  return `${(await git.ask(repo.gitDir, ['diff-tree', '-p', '-M', '--full-index', from ?? emptyTree, to])) ?? ''}\n`;
}

function statusOf(letter: string): ChangedFile['status'] {
  if (letter === 'A') return 'added';
  if (letter === 'D') return 'removed';
  return letter === 'R' || letter === 'C' ? 'renamed' : 'modified';
}

/*
 * No session has a name with an underscore. The key is in it so that whoever finds the workspace can tell whether
 * somebody is at work there: then the lease of that key is held. Names of workspaces have no dot.
 */
const begins = 'compact_';

/** The name of the workspace in which the memory of a repository is compacted, by the key of its lease. */
export function compactionWorkspace(key: string): string {
  return `${begins}${key.replaceAll('_', '__').replaceAll('.', '_d')}`;
}

/** The key of the repository that a workspace is of; undefined: no memory is compacted in it. */
export function keyOfCompaction(workspace: string): string | undefined {
  if (!workspace.startsWith(begins)) return undefined;
  return workspace.slice(begins.length).replaceAll(/_([d_])/g, (_all, which) => (which === 'd' ? '.' : '_'));
}

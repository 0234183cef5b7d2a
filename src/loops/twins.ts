/**
 * Entries that reach a repository which an entry before them in the portfolio reaches too, with that entry's name.
 * The order of the portfolio decides, not that of the cycle: else the history would wander from name to name.
 */
export function twinsOf(
  repos: readonly { readonly name: string; readonly gitDir: string | undefined }[],
): ReadonlyMap<string, string> {
  const first = new Map<string, string>();
  const twins = new Map<string, string>();
  for (const { name, gitDir } of repos) {
    if (gitDir === undefined) continue;
    const before = first.get(gitDir);
    if (before === undefined) first.set(gitDir, name);
    else twins.set(name, before);
  }
  return twins;
}

/** Why a twin is left alone, in words. */
export function twinWords(first: string): string {
  return `the same repository as ${first}, reached by another path`;
}

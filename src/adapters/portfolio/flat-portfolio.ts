import { type FlatEntry, type FlatYaml, readFlatYaml } from '../../domain/flat-yaml.ts';
import { nearestName } from '../../domain/nearest-name.ts';
import type { Repo } from '../../domain/repo.ts';
import { judgeEntry, type PortfolioFile } from './judge-entry.ts';

/** A portfolio in flat YAML: where everything stands, and what it says. */
export interface FlatPortfolio {
  readonly yaml: FlatYaml;
  readonly repos: readonly Repo[];
}

/**
 * Reads a `repos.yaml` that is flat and right, which nearly all are; undefined: it is for the parser of all of YAML,
 * which also says what is wrong.
 */
export function readFlatPortfolio(text: string, about: PortfolioFile): FlatPortfolio | undefined {
  const yaml = readFlatYaml(text);
  if (yaml === undefined || (yaml.list !== undefined && yaml.list.key !== 'repos') || yaml.pairs.has('repos'))
    return undefined;
  if (yaml.list === undefined && [...yaml.pairs.keys()].some(isLikeRepos)) return undefined;
  const repos: Repo[] = [];
  const names = new Set<string>();
  for (const entry of yaml.list?.entries ?? []) {
    const judged = judgeEntry(writtenIn(entry), about);
    if (!judged.ok || names.has(judged.value.name)) return undefined;
    names.add(judged.value.name);
    repos.push(judged.value);
  }
  return { yaml, repos };
}

/** True when somebody probably meant `repos`. */
export function isLikeRepos(key: string): boolean {
  return nearestName(key, ['repos']) !== undefined;
}

function writtenIn({ pairs }: FlatEntry): Parameters<typeof judgeEntry>[0] {
  const values: Record<string, unknown> = {};
  for (const [key, { value }] of pairs) values[key] = value;
  return {
    values,
    text(key) {
      const value = pairs.get(key)?.value;
      return value === undefined ? '' : String(value);
    },
  };
}

import path from 'node:path';

import type { Repo } from '../../domain/repo.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { FileProblem, Portfolio, PortfolioEdit } from '../../ports/portfolio.ts';
import { expandTilde } from '../home/home-files.ts';
import { readUserFile } from '../home/read-user-file.ts';
import { applyToFlat } from './edit-flat.ts';
import { type FlatPortfolio, readFlatPortfolio } from './flat-portfolio.ts';
import type { CheckOption, PortfolioFile } from './judge-entry.ts';

export interface YamlPortfolioOptions {
  /** The home. */
  readonly folder: string;
  /** What `~` stands for in paths. */
  readonly userFolder: string;
  readonly checkOption: CheckOption;
}

/**
 * The portfolio in `repos.yaml`; a missing file is an empty portfolio. What is flat YAML, as nearly all of them are,
 * is read and changed line by line; the parser of all of YAML is loaded for the others and for what is wrong.
 */
export function yamlPortfolio({ folder, userFolder, checkOption }: YamlPortfolioOptions): Portfolio {
  const about: PortfolioFile = { file: path.join(folder, 'repos.yaml'), folder, userFolder, checkOption };
  let last: { readonly text: string; readonly flat: FlatPortfolio | undefined } | undefined;
  /** Whoever changes the file has mostly read it a moment before: the same text says the same. */
  const flatIn = (text: string): FlatPortfolio | undefined => {
    if (last?.text !== text) last = { text, flat: readFlatPortfolio(text, about) };
    return last.flat;
  };
  const reposIn = async (text: string): Promise<Result<readonly Repo[], FileProblem>> => {
    const flat = flatIn(text);
    if (flat) return ok(flat.repos);
    const { readPortfolio } = await import('./read-portfolio.ts');
    return readPortfolio(text, about);
  };
  return {
    async read() {
      const text = await readUserFile(about.file);
      return text.ok ? reposIn(text.value ?? '') : text;
    },
    async codeRoot() {
      const text = await readUserFile(about.file);
      if (!text.ok) return text;
      const root = await codeRootIn(text.value ?? '', { flat: flatIn(text.value ?? ''), about });
      if (!root.ok || root.value === undefined) return root;
      return ok(path.resolve(folder, expandTilde(root.value, userFolder)));
    },
    async change(edit) {
      // Loaded here: most commands only read.
      const { changeFile } = await import('./change-file.ts');
      return changeFile<readonly Repo[]>(about.file, async (before) => {
        const repos = await reposIn(before);
        if (!repos.ok) return repos;
        const edits = edit(repos.value);
        if (edits.length === 0) return ok({ text: before, value: repos.value });
        const text = await apply(before, { edits, flat: flatIn(before), about });
        if (!text.ok) return text;
        const after = await reposIn(text.value);
        return after.ok ? ok({ text: text.value, value: after.value }) : failed(notByUs(after.failure));
      });
    },
  };
}

async function codeRootIn(
  text: string,
  { flat, about }: Omit<Change, 'edits'>,
): Promise<Result<string | undefined, FileProblem>> {
  const asText = (value: unknown): string | undefined =>
    typeof value === 'string' && value !== '' ? value : undefined;
  if (flat) return ok(asText(flat.yaml.pairs.get('code_root')?.value));
  const { parsePortfolio } = await import('./read-portfolio.ts');
  const parsed = parsePortfolio(text, about.file);
  return parsed.ok ? ok(asText(parsed.value.document.get('code_root'))) : parsed;
}

interface Change {
  readonly edits: readonly PortfolioEdit[];
  readonly flat: FlatPortfolio | undefined;
  readonly about: PortfolioFile;
}

async function apply(before: string, { edits, flat, about }: Change): Promise<Result<string, FileProblem>> {
  const changed = flat && applyToFlat(flat, edits);
  if (changed !== undefined) return ok(changed);
  const { editText } = await import('./edit-text.ts');
  return editText(before, edits, about.file);
}

/** The file was fine and the change was not: its lines are those of a text that was never written. */
function notByUs(problem: FileProblem): FileProblem {
  return {
    ...problem,
    line: undefined,
    column: undefined,
    message: `the change was refused: ${problem.message}`,
  };
}

import path from 'node:path';

import type { Repo } from '../../domain/repo.ts';
import { failed, ok, type Result } from '../../domain/result.ts';
import type { FileProblem, Portfolio, PortfolioEdit } from '../../ports/portfolio.ts';
import { readUserFile } from '../home/read-user-file.ts';
import { applyToJson, isJson } from './edit-json.ts';
import { applyToYaml } from './edit-yaml.ts';
import { type CheckOption, type PortfolioFile, parsePortfolio, readPortfolio } from './read-portfolio.ts';

export interface YamlPortfolioOptions {
  /** The home. */
  readonly folder: string;
  /** What `~` stands for in paths. */
  readonly userFolder: string;
  readonly checkOption: CheckOption;
}

/** The portfolio in `repos.yaml`; a missing file is an empty portfolio. */
export function yamlPortfolio({ folder, userFolder, checkOption }: YamlPortfolioOptions): Portfolio {
  const about: PortfolioFile = { file: path.join(folder, 'repos.yaml'), folder, userFolder, checkOption };
  return {
    async read() {
      const text = await readUserFile(about.file);
      return text.ok ? readPortfolio(text.value ?? '', about) : text;
    },
    async change(edit) {
      // Loaded here: most commands only read.
      const { changeFile } = await import('./change-file.ts');
      return changeFile<readonly Repo[]>(about.file, (before) => {
        const repos = readPortfolio(before, about);
        if (!repos.ok) return repos;
        const edits = edit(repos.value);
        if (edits.length === 0) return ok({ text: before, value: repos.value });
        const text = apply(before, edits, about);
        if (!text.ok) return text;
        const after = readPortfolio(text.value, about);
        return after.ok ? ok({ text: text.value, value: after.value }) : failed(notByUs(after.failure));
      });
    },
  };
}

function apply(
  before: string,
  edits: readonly PortfolioEdit[],
  about: PortfolioFile,
): Result<string, FileProblem> {
  if (isJson(before)) return ok(asWritten(before, applyToJson(before, edits)));
  const parsed = parsePortfolio(before, about.file);
  return parsed.ok ? ok(asWritten(before, applyToYaml(parsed.value.document, before, edits))) : parsed;
}

/** Line ends and byte order mark as the file had them. */
function asWritten(before: string, text: string): string {
  const mark = before.startsWith('\uFEFF') ? '\uFEFF' : '';
  const lines = /\r\n/.test(before) ? text.replace(/\r?\n/g, '\r\n') : text;
  return mark + lines.replace(/^\uFEFF/, '');
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

import type { Finding } from '../../domain/change.ts';
import { memoryFiles } from '../../domain/memory.ts';
import { judgeContractEdit } from '../memory/judge-contract-edit.ts';

/** A file that tells agents what to do, before the session and after it. */
export interface InstructionEdit {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

const names =
  /^(?:agents(?:\.override)?|claude(?:\.local)?|gemini|codex|copilot-instructions|conventions)\.md$|^\.(?:cursorrules|windsurfrules|clinerules|goosehints|aider\.conf\.ya?ml|mcp\.json)$/i;
const folders =
  /^\.(?:claude|codex|cursor|windsurf|gemini|agents|clinerules|continue|roo)\/|^\.github\/(?:instructions|prompts|chatmodes|agents)\//i;

/** Whether agents take what a file says for instructions, wherever in the repository it is. */
export function isInstructionFile(file: string): boolean {
  return names.test(file.slice(file.lastIndexOf('/') + 1)) || folders.test(file);
}

/**
 * Refuses that a session changes what later sessions are told to do: an instruction file may be edited by people, or
 * by a task in which a person names it. Our own AGENTS.md has a part that may be: Repo Facts, as long as the session read
 * nothing of others, whose words would stand there as ours.
 */
export function instructionFiles(
  edits: readonly InstructionEdit[],
  namedByPeople: readonly string[],
  hasReadOthers = false,
): readonly Finding[] {
  const named = new Set(namedByPeople.map((path) => path.replace(/^(?:\.\/)+/, '')));
  return edits.flatMap(({ file, before, after }) => {
    if (before === after || named.has(file)) return [];
    if (file !== memoryFiles.contract)
      return [refusal(file, undefined, `${file} tells agents what to do, and the session changed it`)];
    const verdict = judgeContractEdit(before, after);
    if (!verdict.ok) return [refusal(file, verdict.line, verdict.finding)];
    return hasReadOthers ? [factsOfOthers(file)] : [];
  });
}

function factsOfOthers(file: string): Finding {
  const message = 'Repo Facts was changed by a session that read an issue or a log of CI';
  const hint = `put ${file} back as it was, and propose the fact in your handoff, under memory`;
  return { gate: 'instruction-files', severity: 'P0', file, line: undefined, message, hint };
}

function refusal(file: string, line: number | undefined, message: string): Finding {
  const only = file === memoryFiles.contract ? '; only the lines under Repo Facts may be edited' : '';
  return {
    gate: 'instruction-files',
    severity: 'P0',
    file,
    line,
    message,
    hint: `put ${file} back as it was${only}`,
  };
}

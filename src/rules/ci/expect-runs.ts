import type { CiExpectation } from '../../domain/ci.ts';
import { type PushToJudge, type Start, startsOnPush, type WorkflowFile } from './starts-on-push.ts';

export interface PushedTree extends PushToJudge {
  /** The files below `.github/workflows` in the pushed commit. */
  readonly workflows: readonly WorkflowFile[];
  /** State of each workflow file on the forge, where known: `active`, `disabled_manually`, ... */
  readonly states?: ReadonlyMap<string, string> | undefined;
  /** Message of the pushed commit. */
  readonly message: string;
}

/** Says from the pushed tree alone whether a run will come. No API of the forge answers that. */
export function expectRuns(tree: PushedTree): CiExpectation {
  const files = tree.workflows.filter((file) => workflowFile.test(file.path));
  if (files.length === 0) return { kind: 'none', why: 'the pushed tree has no workflow' };
  const words = skipWords(tree.message);
  if (words !== undefined) return { kind: 'none', why: `the commit message says ${words}` };

  const starts = files.map((file) => ({ name: nameOf(file), ...startOf(file, tree) }));
  const yes = starts.find((start) => start.starts === 'yes');
  if (yes) return { kind: 'some', why: `${yes.name} ${yes.why}` };
  const unknown = starts.find((start) => start.starts === 'unknown');
  if (unknown) return { kind: 'unknown', why: `${unknown.name} ${unknown.why}` };
  return {
    kind: 'none',
    why: starts
      .slice(0, 3)
      .map((start) => `${start.name} ${start.why}`)
      .join('; '),
  };
}

const workflowFile = /^\.github\/workflows\/[^/]+\.ya?ml$/;

function nameOf(file: WorkflowFile): string {
  return file.path.slice(file.path.lastIndexOf('/') + 1);
}

function startOf(file: WorkflowFile, tree: PushedTree): Start {
  const state = tree.states?.get(file.path);
  if (state !== undefined && state !== 'active')
    return { starts: 'no', why: `is ${state.replaceAll('_', ' ')}` };
  return startsOnPush(file, tree);
}

/** The words by which a commit message asks GitHub to start nothing. */
function skipWords(message: string): string | undefined {
  const words = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/i.exec(message)?.[0];
  if (words !== undefined) return words;
  const trailers =
    message
      .replace(/\r/g, '')
      .trimEnd()
      .split(/\n[ \t]*\n/)
      .slice(1)
      .at(-1) ?? '';
  return /^skip-checks:[ \t]*true[ \t]*$/im.test(trailers) ? 'skip-checks: true' : undefined;
}

import { parse } from 'yaml';
import type { Check } from '../domain/check.ts';

/**
 * The last resort when no build file tells how a repository is checked: the plain `run:` steps of its CI
 * workflows. Steps that need the forge (expressions, secrets, other actions' output) are left out.
 */
export function inferFromWorkflows(
  workflows: readonly { path: string; text: string }[],
  timeoutSeconds: number,
): readonly Check[] {
  for (const workflow of workflows) {
    const steps = stepsOf(workflow.text).filter(
      (run) => !run.includes('${{') && !/\b(deploy|publish|release|docker|gh )\b/i.test(run),
    );
    if (steps.length > 0) {
      return steps.map((run, index) => ({
        name: `ci-${index + 1}`,
        run,
        timeoutSeconds,
        required: true,
        source: workflow.path,
      }));
    }
  }
  return [];
}

function stepsOf(text: string): readonly string[] {
  let document: unknown;
  try {
    document = parse(text);
  } catch {
    return [];
  }
  const jobs = member(document, 'jobs');
  if (typeof jobs !== 'object' || jobs === null) return [];
  return Object.values(jobs).flatMap((job: unknown) => {
    const steps = member(job, 'steps');
    if (!Array.isArray(steps) || member(job, 'strategy') !== undefined) return [];
    const usual = folderOf(member(job, 'defaults')) ?? folderOf(member(document, 'defaults'));
    return steps.flatMap((step: unknown) => {
      const run = member(step, 'run');
      if (typeof run !== 'string' || member(step, 'if') !== undefined) return [];
      return [asThere(run.trim(), member(step, 'working-directory') ?? usual)];
    });
  });
}

function folderOf(defaults: unknown): unknown {
  return member(member(defaults, 'run'), 'working-directory');
}

/** A step ends with the first of its commands that fails, and begins in its own folder. */
function asThere(run: string, folder: unknown): string {
  const strict = run.includes('\n') ? `set -e\n${run}` : run;
  return typeof folder === 'string' ? `cd '${folder.replaceAll("'", `'\\''`)}' && {\n${strict}\n}` : strict;
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

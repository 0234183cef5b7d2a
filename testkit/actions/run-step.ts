import { randomUUID } from 'node:crypto';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { interpolate } from './expression.ts';
import { readAssignments, readPaths } from './file-commands.ts';
import { type JobState, stepScope } from './job-state.ts';
import { type ProcessEnd, runProcess } from './run-process.ts';
import { findShell, type Shell } from './shells.ts';
import { type CommandFiles, machinePath, stepEnv } from './step-env.ts';
import type { Mapping, StepDefinition } from './workflow.ts';

/** How a step ended; `stopped` when its signal ended it. */
export interface StepEnd {
  end: 'success' | 'failure' | 'stopped';
  outputs: Mapping;
}

/** Executes a `run:` step for real. */
export async function runStep(
  state: JobState,
  step: StepDefinition,
  pipe: string,
  stop: AbortSignal,
): Promise<StepEnd> {
  const own = evaluateEnv(state, step);
  const scope = stepScope(state, own);
  const script = interpolate(step.run ?? '', scope);
  const defaults = { ...state.order.source.workflow.defaults, ...defined(state.order.cell.job.defaults) };
  const place = interpolate(step.workingDirectory ?? defaults.workingDirectory ?? '', scope);
  const cwd = path.resolve(state.folders.workspace, place);
  const shell = await findShell(step.shell ?? defaultShell(defaults.shell, state), searchPath(state));
  if (typeof shell === 'string') return refuse(state, shell);
  announce(state, script, shell, own);
  if (!(await isFolder(cwd))) {
    return refuse(
      state,
      `An error occurred trying to start process '${shell.command}' with working directory '${cwd}'. No such file or directory`,
    );
  }

  const files = await makeCommandFiles(state.folders.temp);
  const scriptFile = path.join(state.folders.temp, `${randomUUID()}${shell.extension}`);
  await writeFile(scriptFile, `${script}\n`);
  const output = state.log.step();
  const ended = await runProcess(
    {
      command: shell.command,
      args: shell.args.map((argument) => argument.replaceAll('{0}', scriptFile)),
      cwd,
      env: stepEnv(state, own, files),
      pipe,
      line: output.line,
    },
    stop,
  );
  state.sweeps.push(ended.sweep);

  const outputs: Mapping = { ...output.outputs };
  const understood = await takeIn(state, files, outputs);
  if (stop.aborted) return { end: 'stopped', outputs };
  return { end: reportCode(state, ended) && understood ? 'success' : 'failure', outputs };
}

/** A step's `env:`, evaluated with the variables around it. */
export function evaluateEnv(state: JobState, step: StepDefinition): Record<string, string> {
  const scope = stepScope(state);
  return Object.fromEntries(
    Object.entries(step.env).map(([name, value]) => [name, interpolate(value, scope)]),
  );
}

function defined<T extends object>(object: T): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function defaultShell(shell: string | undefined, state: JobState): string | undefined {
  return shell === undefined ? undefined : interpolate(shell, stepScope(state));
}

function searchPath(state: JobState): string {
  return [...state.paths, machinePath()].join(path.delimiter);
}

function refuse(state: JobState, message: string): StepEnd {
  state.log.error(message);
  return { end: 'failure', outputs: {} };
}

function announce(state: JobState, script: string, shell: Shell, own: Record<string, string>): void {
  const lines = script.trimEnd().split('\n');
  state.log.say(`##[group]Run ${lines.find((line) => line.trim() !== '')?.trim() ?? ''}`);
  for (const line of lines) state.log.say(`\u001b[36;1m${line}\u001b[0m`);
  state.log.say(`shell: ${[shell.command, ...shell.args].join(' ')}`);
  sayEnv(state, own);
  state.log.say('##[endgroup]');
}

/** The `env:` block in a step's header. */
export function sayEnv(state: JobState, own: Record<string, string>): void {
  const entries = Object.entries({ ...state.env, ...own });
  if (entries.length > 0) state.log.say('env:');
  for (const [name, value] of entries) state.log.say(`  ${name}: ${value}`);
}

async function isFolder(folder: string): Promise<boolean> {
  return stat(folder).then(
    (info) => info.isDirectory(),
    () => false,
  );
}

async function makeCommandFiles(folder: string): Promise<CommandFiles> {
  const name = (kind: string): string => path.join(folder, `${kind}_${randomUUID()}`);
  const files = {
    output: name('set_output'),
    env: name('set_env'),
    path: name('add_path'),
    state: name('save_state'),
    summary: name('step_summary'),
  };
  await Promise.all(Object.values(files).map((file) => writeFile(file, '')));
  return files;
}

/** Takes in what the step wrote to its files; false when some of it makes no sense. */
async function takeIn(state: JobState, files: CommandFiles, outputs: Mapping): Promise<boolean> {
  const [given, env, paths] = await Promise.all([
    readAssignments(files.output),
    readAssignments(files.env),
    readPaths(files.path),
  ]);
  state.paths.unshift(...paths.toReversed());
  if (typeof given === 'string') return refuseFile(state, 'output', given);
  Object.assign(outputs, given);
  if (typeof env === 'string') return refuseFile(state, 'env', env);
  const { NODE_OPTIONS: forbidden, ...allowed } = env;
  Object.assign(state.env, allowed);
  if (forbidden === undefined) return true;
  return refuseFile(state, 'env', "Can't store NODE_OPTIONS output parameter using '$GITHUB_ENV' command.");
}

function refuseFile(state: JobState, kind: string, reason: string): false {
  state.log.error(`Unable to process file command '${kind}' successfully.`);
  state.log.error(reason);
  return false;
}

function reportCode(state: JobState, ended: ProcessEnd): boolean {
  if (ended.code === 0) return true;
  state.log.error(
    ended.code === undefined
      ? 'The process could not be started.'
      : `Process completed with exit code ${ended.code}.`,
  );
  return false;
}

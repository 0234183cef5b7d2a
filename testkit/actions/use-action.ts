import path from 'node:path';
import { checkOut } from './checkout.ts';
import { interpolate } from './expression.ts';
import { git } from './git.ts';
import { type JobState, serverUrl, stepScope } from './job-state.ts';
import { evaluateEnv, type StepEnd, sayEnv } from './run-step.ts';
import type { Mapping, StepDefinition } from './workflow.ts';

/** Plays a `uses:` step: a real checkout; the other actions do nothing and succeed. */
export async function useAction(state: JobState, step: StepDefinition): Promise<StepEnd> {
  const uses = step.uses ?? '';
  const own = evaluateEnv(state, step);
  const scope = stepScope(state, own);
  const inputs = Object.fromEntries(
    Object.entries(step.with).map(([name, value]) => [name.toLowerCase(), interpolate(value, scope)]),
  );
  announce(state, uses, inputs, own);
  const name = uses.replace(/@.*$/, '').toLowerCase();
  if (name === 'actions/checkout') return checkoutAction(state, inputs);
  const outputs = quietActions[name];
  if (outputs) {
    state.log.say(`${uses} is accepted and does nothing here`);
    return { end: 'success', outputs };
  }
  state.log.say(`##[notice]${uses} is not executed here; the step counts as a success`);
  return { end: 'success', outputs: {} };
}

const quietActions: Record<string, Mapping> = {
  'actions/setup-node': { 'node-version': process.version, 'cache-hit': 'false' },
  'actions/setup-python': { 'python-version': '', 'cache-hit': 'false' },
  'actions/cache': { 'cache-hit': 'false' },
  'actions/upload-artifact': {},
  'actions/download-artifact': {},
};

function announce(
  state: JobState,
  uses: string,
  inputs: Record<string, string>,
  own: Record<string, string>,
): void {
  state.log.say(`##[group]Run ${uses}`);
  const entries = Object.entries(inputs);
  if (entries.length > 0) state.log.say('with:');
  for (const [name, value] of entries) state.log.say(`  ${name}: ${value}`);
  sayEnv(state, own);
  state.log.say('##[endgroup]');
}

async function checkoutAction(state: JobState, inputs: Record<string, string>): Promise<StepEnd> {
  const { order, folders, log } = state;
  const { push } = order;
  const repository = inputs['repository'] ?? push.repository;
  if (repository.toLowerCase() !== push.repository.toLowerCase()) {
    return refuse(state, `Not Found - only ${push.repository} can be checked out here, not ${repository}`);
  }
  const folder = path.resolve(folders.workspace, inputs['path'] ?? '');
  if (!`${folder}/`.startsWith(`${folders.workspace}/`)) {
    return refuse(state, `Repository path '${folder}' is not under '${folders.workspace}'`);
  }
  const target = await wantedCommit(state, inputs['ref'] ?? '');
  if (!target)
    return refuse(state, `A branch or tag with the name '${inputs['ref'] ?? ''}' could not be found`);

  log.say(`Syncing repository: ${push.repository}`);
  log.say('##[group]Checking out the ref');
  const refusal = await checkOut({
    ...target,
    gitDir: push.gitDir,
    folder,
    depth: Number(inputs['fetch-depth'] ?? 1),
    remoteUrl: `${serverUrl(order)}/${push.repository}`,
  });
  log.say('##[endgroup]');
  if (refusal !== undefined) return refuse(state, refusal);
  log.say(`HEAD is now at ${target.sha.slice(0, 7)}`);
  return { end: 'success', outputs: { ref: target.ref, commit: target.sha } };
}

async function wantedCommit(state: JobState, ref: string): Promise<{ sha: string; ref: string } | undefined> {
  const { push, run } = state.order;
  if (ref === '')
    return { sha: run.headSha, ref: push.event === 'pull_request' ? 'refs/pull/merge' : push.ref };
  const candidates = ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`];
  if (/^[0-9a-f]{40}$/.test(ref)) candidates.push(ref);
  for (const candidate of candidates) {
    const sha = await git(push.gitDir, ['rev-parse', '--verify', '--quiet', `${candidate}^{commit}`]);
    if (sha) return { sha: sha.toString().trim(), ref: candidate };
  }
  return undefined;
}

function refuse(state: JobState, message: string): StepEnd {
  state.log.error(message);
  return { end: 'failure', outputs: {} };
}

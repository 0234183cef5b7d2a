import type { PushEvent } from './types.ts';
import type { Mapping, Value } from './workflow.ts';

/** `github.ref_name`: the branch or tag without its folder. */
export function refName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags|pull)\//, '');
}

/** The `github` context as far as the event alone decides it. */
export function githubContext(
  push: PushEvent,
  payload: Mapping,
  workflow: { name: string; path: string },
): Mapping {
  const pull = push.event === 'pull_request';
  return {
    event_name: push.event,
    event: payload,
    ref: push.ref,
    ref_name: refName(push.ref),
    ref_type: push.ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: false,
    head_ref: pull ? refName(push.ref) : '',
    base_ref: pull ? refName(push.baseRef ?? '') : '',
    sha: push.after,
    repository: push.repository,
    repository_owner: push.repository.split('/')[0] ?? '',
    actor: push.actor,
    triggering_actor: push.actor,
    workflow: workflow.name,
    workflow_ref: `${push.repository}/${workflow.path}@${push.ref}`,
    workflow_sha: push.after,
    token: '',
  };
}

/** The contexts that are known when a run starts; secrets and vars exist and are empty. */
export function startContexts(github: Mapping, inputs: Mapping): Mapping {
  return { github, inputs, vars: {}, secrets: {} };
}

/** The `strategy` context of one cell. */
export function strategyContext(index: number, total: number, failFast: Value): Mapping {
  return { 'fail-fast': failFast, 'job-index': index, 'job-total': total, 'max-parallel': total };
}

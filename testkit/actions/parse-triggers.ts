import { isFilterPattern } from './filter-pattern.ts';
import { asMapping, asTexts, InvalidWorkflow, onlyKeys } from './read-mapping.ts';
import type { Mapping, Value } from './workflow.ts';

const events = [
  'branch_protection_rule',
  'check_run',
  'check_suite',
  'create',
  'delete',
  'deployment',
  'deployment_status',
  'discussion',
  'discussion_comment',
  'fork',
  'gollum',
  'image_version',
  'issue_comment',
  'issues',
  'label',
  'merge_group',
  'milestone',
  'page_build',
  'project',
  'project_card',
  'project_column',
  'public',
  'pull_request',
  'pull_request_comment',
  'pull_request_review',
  'pull_request_review_comment',
  'pull_request_target',
  'push',
  'registry_package',
  'release',
  'repository_dispatch',
  'schedule',
  'status',
  'watch',
  'workflow_call',
  'workflow_dispatch',
  'workflow_run',
];

const filters = ['branches', 'branches-ignore', 'tags', 'tags-ignore', 'paths', 'paths-ignore'];
const filtered: Record<string, readonly string[]> = {
  push: filters,
  pull_request: ['types', ...filters.filter((filter) => !filter.startsWith('tags'))],
};

/** `on:` in its three forms as one: events with their filters. */
export function parseTriggers(on: Value | undefined): Mapping {
  const triggers = toMapping(on);
  if (Object.keys(triggers).length === 0) throw new InvalidWorkflow('No event triggers defined in `on`');
  onlyKeys(triggers, events, 'on');
  for (const [event, settings] of Object.entries(triggers)) checkFilters(event, settings);
  return triggers;
}

function toMapping(on: Value | undefined): Mapping {
  if (on === undefined || on === null) return {};
  if (typeof on === 'object' && !Array.isArray(on)) return on;
  return Object.fromEntries(asTexts(on, 'on').map((event) => [event, null]));
}

function checkFilters(event: string, settings: Value): void {
  const known = filtered[event];
  if (!known || settings === null) return;
  const place = `on.${event}`;
  const mapping = asMapping(settings, place);
  onlyKeys(mapping, known, place);
  for (const filter of known) {
    if (mapping[filter] === undefined) continue;
    if (mapping[`${filter}-ignore`] !== undefined) {
      throw new InvalidWorkflow(
        `${place}: you may only define one of \`${filter}\` and \`${filter}-ignore\``,
      );
    }
    const broken = asTexts(mapping[filter], `${place}.${filter}`).find(
      (pattern) => !isFilterPattern(pattern),
    );
    if (broken !== undefined) throw new InvalidWorkflow(`${place}.${filter}: Invalid pattern '${broken}'`);
  }
}

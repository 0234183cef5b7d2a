import type { Mapping, RunDefaults, Value } from './workflow.ts';

/** A workflow file that GitHub would refuse. */
export class InvalidWorkflow extends Error {}

/** The value as a mapping, or a refusal that names the place. */
export function asMapping(value: Value | undefined, place: string): Mapping {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new InvalidWorkflow(`${place}: Expected a mapping`);
  }
  return value;
}

/** The value as a text when it is there. */
export function asText(value: Value | undefined, place: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw new InvalidWorkflow(`${place}: Expected a scalar value`);
  return String(value);
}

/** The value as a list of texts; one text counts as a list of one. */
export function asTexts(value: Value | undefined, place: string): string[] {
  const items = Array.isArray(value) ? value : [value];
  return items.map((item) => {
    const text = asText(item, place);
    if (text === undefined) throw new InvalidWorkflow(`${place}: Unexpected value ''`);
    return text;
  });
}

/** Refuses keys that GitHub does not know. */
export function onlyKeys(mapping: Mapping, known: readonly string[], place: string): void {
  const unknown = Object.keys(mapping).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw new InvalidWorkflow(`${place ? `${place}: ` : ''}Unexpected value '${unknown}'`);
}

/** `defaults:` of a workflow or a job. */
export function parseDefaults(value: Value | undefined, place: string): RunDefaults {
  if (value === undefined || value === null) return {};
  const defaults = asMapping(value, place);
  onlyKeys(defaults, ['run'], place);
  const run = asMapping(defaults['run'] ?? {}, `${place}.run`);
  onlyKeys(run, ['shell', 'working-directory'], `${place}.run`);
  return {
    shell: asText(run['shell'], `${place}.run.shell`),
    workingDirectory: asText(run['working-directory'], `${place}.run.working-directory`),
  };
}

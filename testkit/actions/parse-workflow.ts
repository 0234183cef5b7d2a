import { parseDocument, YAMLParseError } from 'yaml';
import { checkExpressions } from './check-expressions.ts';
import { ExpressionError } from './expression-values.ts';
import { parseJobs } from './parse-jobs.ts';
import { parseTriggers } from './parse-triggers.ts';
import { asMapping, asText, InvalidWorkflow, onlyKeys, parseDefaults } from './read-mapping.ts';
import type { Value, Workflow } from './workflow.ts';

const keys = ['name', 'run-name', 'on', 'true', 'permissions', 'env', 'defaults', 'concurrency', 'jobs'];

/** The workflow in a file, or the message of GitHub's startup failure. */
export function parseWorkflow(path: string, text: string): Workflow | { invalid: string } {
  try {
    return toWorkflow(path, readYaml(text));
  } catch (cause) {
    if (!(cause instanceof InvalidWorkflow) && !(cause instanceof ExpressionError)) throw cause;
    return { invalid: `Invalid workflow file: ${path}: ${cause.message}` };
  }
}

function readYaml(text: string): Value {
  try {
    const document = parseDocument(text, { uniqueKeys: true });
    const [broken] = document.errors;
    if (broken) throw broken;
    const value = document.toJS({ maxAliasCount: 100 }) as Value;
    // Refuses what contains itself.
    JSON.stringify(value);
    return value;
  } catch (cause) {
    const line = cause instanceof YAMLParseError ? cause.linePos?.[0].line : undefined;
    const summary = (cause as Error).message
      .split('\n', 1)
      .join()
      .replace(/ at line \d+.*$/, '');
    throw new InvalidWorkflow(`You have an error in your yaml syntax on line ${line ?? 1}: ${summary}`);
  }
}

function toWorkflow(path: string, root: Value): Workflow {
  const file = asMapping(root, 'the file');
  onlyKeys(file, keys, '');
  // A reader of YAML 1.1 takes the key `on` for true.
  const on = parseTriggers(file['on'] ?? file['true']);
  if (file['jobs'] === undefined || file['jobs'] === null)
    throw new InvalidWorkflow('No jobs defined in `jobs`');
  const workflow: Workflow = {
    path,
    name: asText(file['name'], 'name') ?? path,
    on,
    env: asMapping(file['env'] ?? {}, 'env'),
    defaults: parseDefaults(file['defaults'], 'defaults'),
    concurrency: file['concurrency'],
    jobs: parseJobs(file['jobs']),
  };
  checkExpressions(workflow);
  return workflow;
}

/** A value as it may stand in a workflow file or in a context of its expressions. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

/** A mapping of a workflow file, its expressions not yet evaluated. */
export type Mapping = Record<string, Value>;

/** A workflow file that parsed and holds together. */
export interface Workflow {
  path: string;
  /** As written, or the path when the file names nothing. */
  name: string;
  on: Mapping;
  env: Mapping;
  defaults: RunDefaults;
  concurrency: Value | undefined;
  jobs: JobDefinition[];
}

/** `defaults.run`, expressions not yet evaluated. */
export interface RunDefaults {
  shell?: string | undefined;
  workingDirectory?: string | undefined;
}

/** One entry under `jobs:`. */
export interface JobDefinition {
  id: string;
  name: string | undefined;
  needs: string[];
  if: Value | undefined;
  runsOn: Value | undefined;
  env: Mapping;
  defaults: RunDefaults;
  outputs: Mapping;
  matrix: Value | undefined;
  failFast: Value;
  maxParallel: Value | undefined;
  continueOnError: Value;
  timeoutMinutes: Value | undefined;
  /** The reusable workflow the job calls instead of having steps. */
  uses: string | undefined;
  /** Keys we read past, such as `services`; a notice in the log says so. */
  ignored: string[];
  steps: StepDefinition[];
}

/** One entry under `steps:`; either `run` or `uses` is there. */
export interface StepDefinition {
  id: string | undefined;
  name: string | undefined;
  if: Value | undefined;
  run: string | undefined;
  uses: string | undefined;
  with: Mapping;
  env: Mapping;
  shell: string | undefined;
  workingDirectory: string | undefined;
  continueOnError: Value;
  timeoutMinutes: Value | undefined;
}

/** A command of the repository's own that must exit 0. */
export interface Check {
  readonly name: string;
  /** A shell command line: the user's own, or one inferred from the repository's files. */
  readonly run: string;
  readonly timeoutSeconds: number;
  /** A check that is not required is reported and never stops a landing. */
  readonly required: boolean;
  /** Where it came from: `clone.yaml`, `package.json`, `Cargo.toml`, ... */
  readonly source: string;
}

/** The folder of one run under `logs/`: where raw streams, prompts and check outputs go. */
export interface RunFiles {
  readonly folder: string;
  /** The folder of a session, made when missing: `sessions/<repo>-<cycle>`. */
  sessionFolder(repo: string, cycle: number): Promise<string>;
  /** Writes a small text file; secrets are masked on the way. */
  write(file: string, text: string): Promise<void>;
  /** Path relative to the run folder, as facts keep it. */
  relative(file: string): string;
}

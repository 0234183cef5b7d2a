/** Files of a workspace, read with care: a link never leads out of it, and nothing large is held. */
export interface Workplace {
  /** Text of a file of the workspace; undefined: missing, not a plain file, or over `maxBytes`. */
  readText(folder: string, path: string, maxBytes?: number): Promise<string | undefined>;
  /** Names directly below `path`. */
  list(folder: string, path: string): Promise<readonly string[]>;
  /** The beginning and the end of a log of ours, `maxBytes` in all; '' when there is none. Nothing more is read. */
  readEnds(file: string, maxBytes: number): Promise<string>;
  /** Copies files of the user's checkout into a workspace. Answers those that are missing. */
  copyInto(from: string, to: string, paths: readonly string[]): Promise<readonly string[]>;
  /** Free space in bytes where the workspaces are. */
  freeBytes(): Promise<number>;
}

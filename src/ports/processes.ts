/** A process, named so that a reused process id is not taken for it. */
export interface ProcessName {
  readonly pid: number;
  /** Start time as the operating system counts it; '' where it cannot be had. */
  readonly start: string;
}

/** Who we are and whether others still live. */
export interface Processes {
  readonly self: ProcessName & { readonly host: string };
  alive(process: ProcessName): boolean;
}

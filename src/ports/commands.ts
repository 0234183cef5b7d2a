/** Why a command was ended by us. */
export type CommandEnding = 'exited' | 'timeout' | 'silent' | 'flooded' | 'stopped' | 'not-started';

export interface CommandSpec {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed; undefined: closed at once. */
  readonly stdin?: string | undefined;
  /** Where standard output and standard error go as they come. */
  readonly stdoutFile: string;
  readonly stderrFile?: string | undefined;
  /** Other files that it is told to write for us, beside its output. */
  readonly alsoWrites?: readonly string[] | undefined;
  /** Called with each line of standard output, without its end. Lines over 16 MiB are cut. */
  readonly onLine?: ((line: string) => void) | undefined;
  readonly limits: {
    readonly totalMs: number;
    /** How long nothing at all may happen; undefined: not watched. See `isQuiet`. */
    readonly silenceMs?: number | undefined;
  };
  /** Told apart by the caller: while this answers a number, that much silence is allowed instead of `silenceMs`, as long as the process tree uses the CPU. */
  readonly quietAllowance?: (() => number | undefined) | undefined;
  /** What ends it gently: codex hears SIGINT, most others SIGTERM. */
  readonly interrupt: 'SIGINT' | 'SIGTERM';
  /** Part of the marker in the environment by which strays are found: the session. */
  readonly marker: string;
}

export interface CommandEnd {
  readonly ending: CommandEnding;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly seconds: number;
  /** The last part of standard error (at most 16 KiB), for messages. */
  readonly stderrTail: string;
  /** When it could not be started: why. */
  readonly message?: string | undefined;
  /** Processes that outlived it and were ended by us. */
  readonly swept: number;
}

/**
 * Runs a program contained: it and everything it started is gone when `run` resolves, however it ended.
 * Ended by a ladder: interrupt, grace, kill, sweep. Output goes to disk as it comes and is bounded in memory; who
 * prints more than 1 GiB is ended, so that the disk stays usable.
 */
export interface Commands {
  run(spec: CommandSpec, stop: AbortSignal): Promise<CommandEnd>;
  /** Ends what earlier processes of ours, now dead, left running. Answers how many. */
  sweepStrays(): Promise<number>;
}

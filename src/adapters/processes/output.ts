import { closeSync, fstatSync, openSync } from 'node:fs';

/** Where a command's output goes: files that the command itself writes, opened by us. */
export interface Output extends Disposable {
  readonly stdout: number;
  readonly stderr: number;
  /** Where in its file the output of this command begins. */
  readonly stdoutStart: number;
  readonly stderrStart: number;
  readonly stderrFile: string;
  /** How much has come so far, in bytes. */
  size(): number;
}

/** Appends to both files; without a file of its own, standard error goes where standard output goes. */
export function openOutput(stdoutFile: string, stderrFile: string | undefined): Output {
  const stdout = openSync(stdoutFile, 'a');
  const stderr = stderrFile === undefined ? stdout : openSync(stderrFile, 'a');
  const size = (): number => sizeOf(stdout) + (stderr === stdout ? 0 : sizeOf(stderr));
  return {
    stdout,
    stderr,
    stdoutStart: sizeOf(stdout),
    stderrStart: sizeOf(stderr),
    stderrFile: stderrFile ?? stdoutFile,
    size,
    [Symbol.dispose]() {
      closeSync(stdout);
      if (stderr !== stdout) closeSync(stderr);
    },
  };
}

function sizeOf(descriptor: number): number {
  return fstatSync(descriptor).size;
}

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import readline from 'node:readline';

import type { Call } from './timed.ts';

export interface Resident {
  /** Largest memory seen in each phase, in MB; a phase begins with a line that `phaseOf` knows. */
  readonly peaks: ReadonlyMap<string, number>;
  readonly peak: number;
}

/** Runs a command to its end and looks at its own memory (VmRSS), not that of its children, many times a second. */
export async function residentOf(
  { command: [program, ...args], cwd, env }: Call,
  phaseOf: (line: string) => string | undefined = () => undefined,
): Promise<Resident> {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const peaks = new Map<string, number>();
  let phase = 'start';
  const look = (): void => {
    const megabytes = residentNow(child.pid);
    if (megabytes !== undefined) peaks.set(phase, Math.max(peaks.get(phase) ?? 0, megabytes));
  };
  const timer = setInterval(look, 50);
  readline.createInterface({ input: child.stdout }).on('line', (line) => {
    phase = phaseOf(line) ?? phase;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  clearInterval(timer);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code ?? 'a signal'}`);
  return { peaks, peak: Math.max(...peaks.values()) };
}

function residentNow(pid: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
    const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    return Number.isNaN(kilobytes) ? undefined : kilobytes / 1024;
  } catch {
    return undefined;
  }
}

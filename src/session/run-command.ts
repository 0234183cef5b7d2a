import type { CommandEnd } from '../ports/commands.ts';
import type { SessionWorld } from './visit.ts';

/** Runs a command line of the user's (a check, a setup step) in a workspace, contained, with its output on disk. */
export async function runCommandLine(
  world: Pick<SessionWorld, 'commands' | 'checkEnvironment'>,
  command: { line: string; cwd: string; log: string; timeoutSeconds: number; session: string },
  stop: AbortSignal,
): Promise<CommandEnd> {
  return world.commands.run(
    {
      program: '/bin/sh',
      args: ['-c', command.line],
      cwd: command.cwd,
      env: world.checkEnvironment,
      stdoutFile: command.log,
      stderrFile: command.log,
      limits: { totalMs: command.timeoutSeconds * 1000 },
      interrupt: 'SIGTERM',
      marker: command.session,
    },
    stop,
  );
}

/** What became of a command, as a note of evidence: nothing to say when it simply exited. */
export function endingNote(end: CommandEnd, timeoutSeconds: number): string | undefined {
  switch (end.ending) {
    case 'exited':
      return end.signal ? `ended by ${end.signal}` : undefined;
    case 'timeout':
      return `ended after its limit of ${timeoutSeconds} s`;
    case 'silent':
      return 'ended because it was silent';
    case 'flooded':
      return 'ended because it printed more than 1 GiB';
    case 'stopped':
      return 'stopped with the run';
    case 'not-started':
      return end.message ?? 'could not be started';
  }
}

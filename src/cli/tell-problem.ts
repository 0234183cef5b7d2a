import { CommanderError } from 'commander';

import { endedWith } from './act.ts';
import { type CliContext, CliProblem, exitCodes } from './context.ts';

type Speaker = Pick<CliContext, 'complain' | 'env' | 'version'>;

/** Says on standard error why a command ended, and answers its exit code. Every end of every command comes here. */
export function tellProblem(context: Speaker, thrown: unknown, json: boolean): number {
  if (thrown instanceof CommanderError) return tellCommander(context, thrown, json);
  if (thrown instanceof CliProblem) {
    tell(context, thrown, json);
    return thrown.exitCode;
  }
  const bug = thrown instanceof Error ? thrown : new Error(String(thrown));
  const hint =
    context.env['CLONE_DEBUG'] === '1'
      ? (bug.stack ?? '')
      : `this is a bug in clone ${context.version}; run again with CLONE_DEBUG=1 and add what it says to your report`;
  tell(context, { code: 'bug', message: `something unexpected happened: ${bug.message}`, hint }, json);
  return exitCodes.wrong;
}

function tellCommander(context: Speaker, ended: CommanderError, json: boolean): number {
  if (ended.code === endedWith) return ended.exitCode;
  if (ended.exitCode === 0) return exitCodes.done;
  // Help that was shown because something was missing has said all there is to say.
  if (ended.code === 'commander.help') return exitCodes.usage;
  const [first = '', ...rest] = ended.message.replace(/^error: /, '').split('\n');
  const suggestion = rest
    .join(' ')
    .trim()
    .replace(/^\(|\)$/g, '');
  const hint = suggestion === '' ? 'add --help for what is possible' : suggestion;
  tell(context, { code: kebab(ended.code.replace('commander.', '')), message: first, hint }, json);
  return exitCodes.usage;
}

/** `unknownOption` is `unknown-option`, as all our codes are. */
function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function tell(
  context: Speaker,
  { code, message, hint }: { readonly code: string; readonly message: string; readonly hint: string },
  json: boolean,
): void {
  if (json) {
    context.complain(JSON.stringify({ code, message, hint }));
    return;
  }
  context.complain(`error: ${message}`);
  if (hint !== '') context.complain(`hint: ${hint}`);
}

import { githubCommand } from './github/command.ts';
import { modelCommand } from './model/command.ts';

const help = `The test kit of clone: a GitHub and a model on this machine, for checks of your own (docs/TESTKIT.md).

  npm run testkit -- model  --scenarios FILE [--port N] ...   a scripted model (Responses API)
  npm run testkit -- github [--port N] [--user alice:TOKEN]   a GitHub stand-in with git and really executed workflows

Each takes --help. Both run until Ctrl-C.

Example:
  npm run testkit -- model --scenarios testkit/model/examples/happy.yaml --codex-home /tmp/scripted
`;

const [command, ...args] = process.argv.slice(2);
if (command === 'model') process.exitCode = await modelCommand(args);
else if (command === 'github') process.exitCode = await githubCommand(args);
else {
  process.stdout.write(help);
  process.exitCode = command === undefined || command === '--help' || command === 'help' ? 0 : 2;
}

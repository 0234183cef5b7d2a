import { parseArgs } from 'node:util';
import { startGitHub } from './server.ts';

const help = `Usage: npm run testkit -- github [options]

Runs a GitHub stand-in on 127.0.0.1 until it is interrupted. It executes the workflows that are
pushed to it, as this user: push only what you would run yourself.

  --port N             the port; a free one when left out
  --folder DIR         where the git repositories are kept; a temporary folder, removed at the end, when left out
  --user LOGIN[:TOKEN] a user and its token, may be repeated; the first one is "alice:alice-token" when left out
  --repo OWNER/NAME    an empty private repository, may be repeated
  --rate-limit N       requests per hour and user; 5000 when left out
  --parallel-jobs N    jobs that run at a time; 4 when left out
  --visible-after MS   how long after a push its runs can be seen; 0 when left out
  --validate           check every answer against GitHub's own schemas (needs the development dependencies)
  --help

Example:

  npm run testkit -- github --port 8040 --user alice:secret --repo alice/demo
  git push http://x-access-token:secret@127.0.0.1:8040/alice/demo.git main
  curl -H 'authorization: Bearer secret' http://127.0.0.1:8040/api/v3/repos/alice/demo/actions/runs
  curl -d '{"path":"*/actions/runs","status":502}' http://127.0.0.1:8040/__testkit/faults
`;

/** What the command needs of its process. */
export interface CommandWorld {
  readonly print: (line: string) => void;
  readonly complain: (line: string) => void;
  /** Resolves when the user wants it to end. */
  readonly interrupted: () => Promise<void>;
}

/** `testkit github …`: 0 when it was ended by the user, 2 when the words made no sense, 1 when it could not start. */
export async function githubCommand(argv: string[], world: CommandWorld = thisProcess()): Promise<number> {
  const words = read(argv);
  if (typeof words === 'string') {
    world.complain(`${words}\n\n${help}`);
    return 2;
  }
  if (words.help) {
    world.print(help);
    return 0;
  }
  try {
    await using github = await startGitHub(words.options);
    github.visibility(words.visibleAfter);
    const users = words.users.map(({ login, token }) => github.addUser({ login, token }));
    for (const { owner, name } of words.repos) {
      if (!users.some((user) => user.login === owner)) users.push(github.addUser({ login: owner }));
      await github.addRepo({ owner, name, private: true });
    }
    world.print(`REST     ${github.apiUrl}`);
    world.print(`GraphQL  ${github.url}/api/graphql`);
    world.print(`git      ${github.url}/OWNER/NAME.git`);
    world.print(`knobs    ${github.url}/__testkit/`);
    world.print(`folder   ${github.folder}`);
    for (const { login, token } of users) world.print(`user     ${login}, token ${token}`);
    await world.interrupted();
    return 0;
  } catch (failure) {
    world.complain(
      `the stand-in could not start: ${failure instanceof Error ? failure.message : String(failure)}`,
    );
    return 1;
  }
}

function read(argv: string[]) {
  try {
    const { values } = parseArgs({
      args: argv,
      options: {
        port: { type: 'string' },
        folder: { type: 'string' },
        user: { type: 'string', multiple: true },
        repo: { type: 'string', multiple: true },
        'rate-limit': { type: 'string' },
        'parallel-jobs': { type: 'string' },
        'visible-after': { type: 'string' },
        validate: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const numbers = ['port', 'rate-limit', 'parallel-jobs', 'visible-after'] as const;
    const wrong = numbers.find((name) => values[name] !== undefined && !/^\d+$/.test(values[name]));
    if (wrong !== undefined) return `--${wrong} wants a number`;
    if (Number(values.port ?? 0) > 65_535) return '--port wants a number up to 65535';
    if (values.user?.some((text) => /^(:|$)|:$/.test(text)) === true)
      return '--user wants LOGIN or LOGIN:TOKEN';
    const number = (text: string | undefined): number | undefined =>
      text === undefined ? undefined : Number(text);
    const repos = (values.repo ?? []).map((text) => {
      const [owner = '', name = '', ...more] = text.split('/');
      return { owner, name: more.length > 0 ? '' : name };
    });
    if (repos.some(({ owner, name }) => owner === '' || name === '')) return '--repo wants OWNER/NAME';
    return {
      help: values.help === true,
      options: {
        port: number(values.port),
        folder: values.folder,
        rateLimit: number(values['rate-limit']),
        maxParallelJobs: number(values['parallel-jobs']),
        validate: values.validate,
      },
      visibleAfter: Number(values['visible-after'] ?? 0),
      users: (values.user ?? ['alice:alice-token']).map((text) => {
        const colon = text.indexOf(':');
        return colon < 0 ? { login: text } : { login: text.slice(0, colon), token: text.slice(colon + 1) };
      }),
      repos,
    };
  } catch (failure) {
    return failure instanceof Error ? failure.message : String(failure);
  }
}

function thisProcess(): CommandWorld {
  return {
    print: (line) => {
      console.log(line);
    },
    complain: (line) => {
      console.error(line);
    },
    interrupted: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) {
          process.once(signal, () => {
            resolve();
          });
        }
      }),
  };
}

import { execFile } from 'node:child_process';

import { programAt } from './find-program.ts';

/** How a command is kept together, so that nothing of it outlives it. */
export interface Containment {
  readonly kind: 'pid-namespace' | 'user-and-pid-namespace' | 'process-group';
  /** One sentence for people. */
  readonly description: string;
  /** What to start instead of the program itself. */
  wrap(program: string, args: readonly string[]): { readonly program: string; readonly args: string[] };
  /** How many processes deep below ours the program is: 0 is our own child. */
  readonly depth: number;
}

/** Tries what this machine offers, best first, once. `only: 'process-group'` takes the plainest. */
export async function probeContainment(only?: 'process-group'): Promise<Containment> {
  const searchPath = process.env['PATH'];
  const [setpriv, unshare, sh, nothing] = ['setpriv', 'unshare', 'sh', 'true'].map((name) =>
    programAt(name, searchPath, '/'),
  );
  const guard = setpriv ? [setpriv, ...diesWithUs] : [];
  const guards = guard.length > 0 ? [guard, []] : [[]];
  const works = async (prefix: readonly string[]): Promise<boolean> =>
    nothing !== undefined && (await succeeds([...prefix, nothing]));

  if (only === undefined && unshare && sh) {
    for (const { kind, flags, before } of guards.flatMap((before) =>
      namespaces.map((one) => ({ ...one, before })),
    )) {
      // The shell is the namespace's first process: it collects orphans, which most programs would not do, and is
      // deaf to what interrupts the program, which as a first process would be deaf itself.
      const prefix = [...before, unshare, ...flags, sh, '-c', firstProcess, 'sh'];
      if (await works(prefix)) {
        return { kind, description: descriptions[kind], wrap: wrapper(prefix), depth: 2 };
      }
    }
  }
  const kind = 'process-group';
  const usable = guard.length > 0 && (await works(guard)) ? guard : [];
  return { kind, description: descriptions[kind], wrap: wrapper(usable), depth: 0 };
}

const firstProcess = 'trap : INT TERM; "$@"; exit $?';

/** Set on the outermost process: when we are killed, it is, and the namespace with it. */
const diesWithUs = ['--pdeathsig', 'KILL'];

const namespaceFlags = ['--pid', '--fork', '--kill-child', '--mount-proc'];
const namespaces = [
  { kind: 'pid-namespace', flags: namespaceFlags },
  { kind: 'user-and-pid-namespace', flags: ['--user', '--map-current-user', ...namespaceFlags] },
] as const;

const descriptions = {
  'pid-namespace': 'Each command runs in a process-id namespace that dies with it and with us.',
  'user-and-pid-namespace':
    'Each command runs in a user and process-id namespace that dies with it and with us; sudo does not work in it.',
  'process-group':
    'Each command runs in a process group; what leaves the group is found by a marker in its environment, and a daemon that wipes its environment can escape.',
} as const;

function wrapper(prefix: readonly string[]): Containment['wrap'] {
  const [first, ...rest] = prefix;
  return (program, args) =>
    first === undefined
      ? { program, args: [...args] }
      : { program: first, args: [...rest, program, ...args] };
}

function succeeds([program, ...args]: readonly string[]): Promise<boolean> {
  return new Promise((answer) => {
    execFile(program ?? '', args, { timeout: 5000 }, (error) => {
      answer(error === null);
    });
  });
}

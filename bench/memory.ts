import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { tinyGithub } from './fixtures/github.ts';
import { instantAgent } from './fixtures/instant-agent.ts';
import { makePortfolio } from './fixtures/portfolio.ts';
import { type Shipped, shipped } from './fixtures/shipped.ts';
import { temporaryFolder } from './fixtures/temporary.ts';
import type { Benchmark, Row } from './measure/report.ts';
import { type Resident, residentOf } from './measure/resident.ts';
import { runToEnd } from './measure/timed.ts';

const mega = 1_000_000;
/** Half of what is read: whoever held all of it would need more. The rest is garbage not yet collected. */
const slack = 50;

const usual = 1000;

/** What a large portfolio does to the memory of the clone process itself. Takes its time; `--repos=100` takes less. */
export const memory: Benchmark = {
  name: 'memory',
  title: 'Memory of the clone process (VmRSS)',
  async run(repos = usual) {
    await using temporary = await temporaryFolder('memory');
    return { rows: await manyRepos(temporary.folder, await shipped(temporary.folder), repos) };
  },
};

/** What large outputs do to it. */
export const bulk: Benchmark = {
  name: 'bulk',
  title: 'Memory of a process that reads 100 MB (VmRSS)',
  async run() {
    await using temporary = await temporaryFolder('bulk');
    const { folder } = temporary;
    const program = await shipped(folder);
    return { rows: [await muchOutput(folder, program), await longLog(folder, program)] };
  },
};

async function manyRepos(folder: string, program: Shipped, repos: number): Promise<Row[]> {
  const { peak } = await cyclesOf(path.join(folder, 'many'), program, { repos, cycles: 2 });
  const fewer = Math.ceil(repos / 5);
  const { peaks } = await cyclesOf(path.join(folder, 'often'), program, { repos: fewer, cycles: 6 });
  // The heap of a young process grows until it has seen all of the work a few times.
  const early = peaks.get('cycle 3') ?? Number.NaN;
  const late = peaks.get('cycle 6') ?? Number.NaN;
  return [
    {
      what: `peak, ${repos.toLocaleString('en')} repositories, 2 cycles, instant agent`,
      ours: megabytes(peak),
      ...(repos < usual ? {} : { target: '< 200 MB', held: peak < 200 }),
    },
    {
      what: `peak of the sixth cycle over ${fewer} repositories`,
      ours: megabytes(late),
      against: `the third ${megabytes(early)}`,
      ratio: late / early,
      target: '≤ 1.1×',
      held: late <= 1.1 * early,
    },
  ];
}

async function cyclesOf(
  folder: string,
  { clone, env }: Shipped,
  { repos, cycles }: { repos: number; cycles: number },
): Promise<Resident> {
  const agent = await instantAgent(path.dirname(folder));
  const settings = { session_mode: 'single', parallel_repos: 2, max_cycles: cycles };
  const { home } = await makePortfolio({ folder, repos, env, agent, settings });
  return await residentOf(
    { command: [...clone, 'run', '--json', '--home', home], cwd: path.dirname(folder), env },
    (line) =>
      line.includes('"type":"cycle-started"') ? `cycle ${/"cycle":(\d+)/.exec(line)?.[1] ?? '?'}` : undefined,
  );
}

async function muchOutput(folder: string, program: Shipped): Promise<Row> {
  const little = await outputOf(folder, program, 1);
  const much = await outputOf(folder, program, 100);
  return added('agent that says 100 MB', much, little);
}

async function outputOf(folder: string, { clone, env }: Shipped, megabytesSaid: number): Promise<Resident> {
  const place = path.join(folder, `said-${megabytesSaid}`);
  const agent = await instantAgent(folder);
  const talker = path.join(folder, `talker-${megabytesSaid}`);
  const line = JSON.stringify({ type: 'thinking', text: 'so it says, and says, and says '.repeat(20) });
  const script = `#!/bin/sh\nyes '${line}' | head -n ${Math.ceil((megabytesSaid * mega) / (line.length + 1))}\nexec ${agent}\n`;
  await writeFile(talker, script, { mode: 0o755 });
  const settings = { session_mode: 'single' };
  const { home, repos } = await makePortfolio({ folder: place, repos: 1, env, agent: talker, settings });
  const resident = await residentOf({ command: [...clone, 'run', '--home', home], cwd: folder, env });
  const count = await runToEnd({
    command: ['git', 'rev-list', '--count', 'main'],
    cwd: repos[0]?.remote ?? '',
    env,
  });
  if (Number(count) < 2) throw new Error('the talkative agent landed nothing');
  return resident;
}

async function longLog(folder: string, { env }: Shipped): Promise<Row> {
  return added(
    'CI log of 100 MB, read for a fix',
    await logOf(folder, env, 100),
    await logOf(folder, env, 1),
  );
}

async function logOf(folder: string, env: Shipped['env'], size: number): Promise<Resident> {
  await using github = await tinyGithub({ logBytes: size * mega });
  const reader = path.join(import.meta.dirname, 'fixtures/read-log.ts');
  return await residentOf({ command: [process.execPath, reader, github.url], cwd: folder, env });
}

function added(what: string, much: Resident, little: Resident): Row {
  const more = much.peak - little.peak;
  return {
    what,
    ours: megabytes(much.peak),
    against: `1 MB: ${megabytes(little.peak)}`,
    ratio: much.peak / little.peak,
    target: `< ${slack} MB more`,
    held: more < slack,
  };
}

function megabytes(value: number): string {
  return `${value.toFixed(0)} MB`;
}

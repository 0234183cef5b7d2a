import path from 'node:path';

import { bareScript } from './fixtures/bare-script.ts';
import { instantAgent } from './fixtures/instant-agent.ts';
import { assertLanded, type BenchPortfolio, makePortfolio } from './fixtures/portfolio.ts';
import { type Shipped, shipped } from './fixtures/shipped.ts';
import { temporaryFolder } from './fixtures/temporary.ts';
import { inTurn, medianOf } from './measure/numbers.ts';
import { type Benchmark, type Report, type Row, round } from './measure/report.ts';
import { countStarts, perPiece, type Starts, totalOf } from './measure/starts.ts';
import { type Call, type Timed, timed } from './measure/timed.ts';

/**
 * The first Clone, in Bash, at its fastest version: see README.md. Measured on another day, with its own agent, when
 * the bare script took `bareScript`: by that, its seconds are those of the machine and the hour of our measurement.
 */
const bash = { cpuSeconds: 0.41, bareScript: 0.073, starts: 136 };
const targets = { cpuShare: 0.25, starts: 45, growth: 1.15 };
const rounds = 3;

type Mode = 'single' | 'steps';

/** What clone itself costs for each session that lands a commit: everything but the agent. */
export const sessionCost: Benchmark = {
  name: 'session-cost',
  title: 'What a session costs beside its agent',
  async run() {
    await using temporary = await temporaryFolder('session');
    const stage = await openStage(temporary.folder);
    const agent = await agentCost(stage);
    const small = await inTurn(rounds, {
      floor: () => costOf(stage, 'floor', 20),
      single: () => costOf(stage, 'single', 20),
      steps: () => costOf(stage, 'steps', 20),
    });
    const large = await inTurn(1, {
      floor: () => costOf(stage, 'floor', 200),
      single: () => costOf(stage, 'single', 200),
    });
    const starts = await startsPerSession(stage);

    const perSession = (cost: number, repos: number, turns: number): number => cost / repos - turns * agent;
    const floor = perSession(medianOf(small.floor, cpu), 20, 1);
    const single = perSession(medianOf(small.single, cpu), 20, 1);
    const steps = perSession(medianOf(small.steps, cpu), 20, 2);
    const of200 = perSession(medianOf(large.single, cpu), 200, 1);
    const floorOf200 = perSession(medianOf(large.floor, cpu), 200, 1);
    // By the floor of the same minute, since an hour later the machine may be twice as busy.
    const growth = of200 / floorOf200 / (single / floor);
    const wall = (results: readonly Timed[]): string =>
      seconds(medianOf(results, (result) => result.wallSeconds) / 20);
    return {
      rows: [
        cpuRow('CPU per session, 20 repositories, one turn', single, floor, 'bare script'),
        shareRow('the same against the first Clone', single, floor),
        cpuRow('CPU per session, 200 repositories', of200, floorOf200, 'bare script'),
        shareRow('the same against the first Clone', of200, floorOf200),
        cpuRow('CPU per session, with a plan turn before it', steps, floor, 'bare script'),
        {
          what: 'growth of that ratio from 20 to 200 repositories',
          ours: round(of200 / floorOf200),
          against: `20: ${round(single / floor)}`,
          ratio: growth,
          target: `≤ ${targets.growth}×`,
          held: growth <= targets.growth,
        },
        ...starts.rows,
        {
          what: 'wall per session, two at once',
          ours: wall(small.single),
          against: `bare script, one at once: ${wall(small.floor)}`,
        },
      ],
      remarks: [`the agent: ${seconds(agent)} of CPU per turn, taken off above`, ...starts.remarks],
    };
  },
};

function cpu(result: Timed): number {
  return result.cpuSeconds;
}

function cpuRow(what: string, ours: number, rival: number, who: string): Row {
  return { what, ours: seconds(ours), against: `${who} ${seconds(rival)}`, ratio: ours / rival };
}

/** Against what the first Clone would take here and now, where the bare script takes `floor`. */
function shareRow(what: string, ours: number, floor: number): Row {
  const row = cpuRow(what, ours, (bash.cpuSeconds / bash.bareScript) * floor, 'Bash');
  const held = (row.ratio ?? Number.NaN) <= targets.cpuShare;
  return { ...row, target: `≤ ${targets.cpuShare}×`, held };
}

function seconds(value: number): string {
  return `${value.toFixed(4)} s`;
}

interface Stage {
  readonly folder: string;
  readonly program: Shipped;
  readonly agent: string;
  readonly script: string;
  serial: number;
}

async function openStage(folder: string): Promise<Stage> {
  const program = await shipped(folder);
  return { folder, program, agent: await instantAgent(folder), script: await bareScript(folder), serial: 0 };
}

/** CPU of one start of the agent, from many. */
async function agentCost({ folder, program, agent }: Stage): Promise<number> {
  const count = 200;
  const loop = 'i=0; while [ $i -lt "$1" ]; do "$0" </dev/null >/dev/null; i=$((i+1)); done';
  const { cpuSeconds } = await timed({
    command: ['sh', '-c', loop, agent, String(count)],
    cwd: folder,
    env: program.env,
  });
  return cpuSeconds / count;
}

type Rival = Mode | 'floor';

async function costOf(stage: Stage, rival: Rival, repos: number): Promise<Timed> {
  await using place = await prepare(stage, rival, repos);
  const result = await timed(place.call);
  await assertLanded(place.portfolio, stage.program.env);
  return result;
}

/** Fresh repositories for each measurement, since a landed commit changes them. */
async function prepare(
  stage: Stage,
  rival: Rival,
  repos: number,
): Promise<AsyncDisposable & { readonly call: Call; readonly portfolio: BenchPortfolio }> {
  const temporary = await temporaryFolder(`session-${rival}-${(stage.serial += 1)}`);
  const { program, agent, script } = stage;
  const { folder } = temporary;
  const settings = { session_mode: rival === 'floor' ? 'single' : rival, parallel_repos: 2 };
  const portfolio = await makePortfolio({ folder, repos, env: program.env, agent, settings });
  const command: Call['command'] =
    rival === 'floor'
      ? [
          script,
          folder,
          path.join(folder, 'remotes'),
          agent,
          ...portfolio.repos.map(({ checkout }) => checkout),
        ]
      : [...program.clone, 'run', '--home', portfolio.home];
  const call = { command, cwd: folder, env: program.env };
  return { call, portfolio, [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose]() };
}

/** Program starts that one more repository brings, the agent's own taken off. */
async function startsPerSession(stage: Stage): Promise<Report & { remarks: readonly string[] }> {
  const counted = {
    floor: await marginalStarts(stage, 'floor'),
    single: await marginalStarts(stage, 'single'),
    steps: await marginalStarts(stage, 'steps'),
  };
  const { floor, single, steps } = counted;
  if (!floor || !single || !steps)
    return { rows: [], remarks: ['no strace here: program starts not counted'] };
  const row = (what: string, ours: number, rival: number, who: string, target?: number): Row => ({
    what,
    ours: round(ours),
    against: `${who} ${round(rival)}`,
    ratio: ours / rival,
    ...(target === undefined ? {} : { target: `≤ ${target}`, held: ours <= target }),
  });
  return {
    rows: [
      row('program starts per session, one turn', single.each, floor.each, 'bare script'),
      row('the same against the first Clone', single.each, bash.starts, 'Bash', targets.starts),
      row('program starts, plan and task turns', steps.each, bash.starts, 'Bash', targets.starts),
    ],
    remarks: Object.entries({ 'bare script': floor, 'one turn': single, 'plan and task': steps }).map(
      ([name, { by }]) => `starts, ${name}: ${by}`,
    ),
  };
}

async function marginalStarts(
  stage: Stage,
  rival: Rival,
): Promise<{ readonly each: number; readonly by: string } | undefined> {
  const [few, many] = [1, 11];
  const one = await startsOf(stage, rival, few);
  const more = await startsOf(stage, rival, many);
  if (!one || !more) return undefined;
  const agent = path.basename(stage.agent);
  const each = (totalOf(more, [agent]) - totalOf(one, [agent])) / (many - few);
  const list = perPiece(one, more, many - few).filter(([name]) => name !== agent);
  return { each, by: list.map(([name, count]) => `${round(count)} ${name}`).join(', ') };
}

async function startsOf(stage: Stage, rival: Rival, repos: number): Promise<Starts | undefined> {
  await using place = await prepare(stage, rival, repos);
  return await countStarts(place.call);
}

import path from 'node:path';
import { type AgentEvent, addUsage, noUsage, type TurnKind, type Usage } from '../domain/agent.ts';
import type { SessionFailure } from '../domain/failure.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import { minutes, seconds } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Agent } from '../ports/agents.ts';
import { afterTurn } from '../rules/agent-attempt.ts';
import { ownPrompts } from './prompt.ts';
import { isDraining, type OpenSession, type SessionWorld, type Stop } from './visit.ts';

export interface TurnOrder {
  readonly kind: TurnKind;
  readonly task?: string | undefined;
  /** Undefined: the agent that does the work. */
  readonly agent?: string | undefined;
  readonly prompt: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly thread: string | undefined;
  /** Name for the files of the turn, unique in the session: `1-plan`, `2-task-csv`. */
  readonly stem: string;
  /** What to say in place of `prompt` where the thread is given up and another one is begun. */
  readonly anew?: ((stem: string) => Promise<string>) | undefined;
}

export interface TurnTaken {
  readonly answer: string | undefined;
  readonly thread: string | undefined;
  readonly usage: Usage;
  /** True when the agent said, did and cost nothing: completion without any sign of work. */
  readonly nothing: boolean;
}

/**
 * One turn, started again as often as the rules allow: the agent works on the workspace until it says that it
 * is done. Every start is a fact; progress is told at most every few seconds.
 */
export async function takeTurn(
  world: SessionWorld,
  session: OpenSession,
  order: TurnOrder,
  stop: Stop,
): Promise<Result<TurnTaken, SessionFailure>> {
  const { options } = session.visit;
  const name = order.agent ?? options.agent;
  const agent = world.agents.named(name);
  if (!agent)
    return failed({
      kind: 'agent-failed',
      message: `there is no agent named "${name}"`,
      retryable: false,
    });

  let thread = order.thread;
  let usage = noUsage;
  for (let attempt = 1; ; attempt += 1) {
    const stem = attempt === 1 ? order.stem : `${order.stem}-again-${attempt - 1}`;
    const prompt = await promptOn(world, session, order, { thread, stem });
    const result = await start(world, session, agent, { ...order, prompt, thread, stem }, stop);
    usage = addUsage(usage, result.usage);
    thread = result.thread ?? thread;
    const next = afterTurn(result.outcome, attempt, options.agent_attempts);
    if (next.move === 'give-up') return failed(next.failure);
    if (next.move === 'use') {
      const nothing = result.events === 0 && result.usage.outputTokens === 0;
      // An answer becomes commit messages, facts and pages: a secret in it goes no further.
      const answer = result.answer === undefined ? undefined : world.redact(result.answer);
      return ok({ answer, thread, usage, nothing });
    }
    if (isDraining(stop))
      return failed({ kind: 'interrupted', message: 'stopped before the agent was started again' });
    await world.clock.sleep(next.afterMs, stop.now);
    if (next.thread === 'fresh') thread = undefined;
  }
}

/** A thread that does not exist yet knows nothing: what counts in every turn is said in it first. */
async function promptOn(
  world: SessionWorld,
  { visit }: OpenSession,
  order: TurnOrder,
  { thread, stem }: { thread: string | undefined; stem: string },
): Promise<string> {
  if (thread !== undefined) return order.prompt;
  const isLost = order.thread !== undefined;
  const text = isLost && order.anew ? await order.anew(stem) : order.prompt;
  if (!works.has(order.kind) || !text.startsWith('Turn: ')) return text;
  const contract = [];
  for (const name of ['core', 'steering'] as const)
    contract.push(world.redact((await world.prompts.template(name, ownPrompts(visit))).text).trim());
  const whole = [...contract.filter((one) => one !== ''), text].join('\n\n');
  await world.files.write(path.join(visit.folder, `${stem}.prompt.md`), whole);
  return whole;
}

/** Turns whose prompts leave the contract out where the thread has it. */
const works: ReadonlySet<TurnKind> = new Set(['plan', 'task', 'repair', 'cleanup']);

async function start(world: SessionWorld, session: OpenSession, agent: Agent, order: TurnOrder, stop: Stop) {
  const { visit, workspace } = session;
  const { options } = visit;
  const turn = `${visit.session}/${order.stem}`;
  const ledger = session.ledger.within({ turn, task: order.task });
  // A model is one of the agent that it was chosen for.
  const model = agent.name === options.agent ? options.model : '';
  await ledger.record({
    type: 'turn-started',
    kind: order.kind,
    agent: agent.name,
    model,
    thread: order.thread,
    log: `${visit.logs}/${order.stem}.jsonl`,
  });
  const progress = progressTeller(world, ledger);
  const result = await agent.turn(
    {
      kind: order.kind,
      cwd: workspace.folder,
      prompt: order.prompt,
      schema: order.schema,
      thread: order.thread,
      model,
      sandbox: onlyLooks.has(order.kind) ? readOnlyOf(options.sandbox) : options.sandbox,
      limits: {
        totalMs: minutes(options.turn_minutes),
        modelSilenceMs: minutes(options.model_silence_minutes),
        commandSilenceMs: minutes(options.command_silence_minutes),
      },
      log: { folder: visit.folder, stem: order.stem },
      session: visit.session,
    },
    progress.hear,
    stop.now,
  );
  await progress.done();
  await ledger.record({
    type: 'turn-ended',
    kind: order.kind,
    outcome: result.outcome,
    thread: result.thread,
    usage: result.usage,
    seconds: result.seconds,
  });
  return result;
}

const onlyLooks: ReadonlySet<TurnKind> = new Set(['plan', 'review', 'summary']);

/** Such a turn has nothing to write. Somebody who asked for full access by name keeps it: a container may need that. */
function readOnlyOf(sandbox: 'read-only' | 'workspace-write' | 'danger-full-access') {
  return sandbox === 'danger-full-access' ? sandbox : 'read-only';
}

const tellEveryMs = seconds(5);

function progressTeller(world: SessionWorld, ledger: Ledger) {
  let last = world.clock.now();
  let usage = noUsage;
  let telling: Promise<unknown> = Promise.resolve();
  return {
    hear(event: AgentEvent): void {
      if (event.kind === 'usage') usage = event.usage;
      const doing = describe(event);
      const now = world.clock.now();
      if (doing === undefined || now - last < tellEveryMs) return;
      last = now;
      const told = usage;
      telling = telling.then(() =>
        ledger.record({ type: 'turn-progressed', doing: world.redact(doing), usage: told }),
      );
    },
    async done(): Promise<void> {
      await telling;
    },
  };
}

function describe(event: AgentEvent): string | undefined {
  switch (event.kind) {
    case 'command':
      return event.phase === 'start' ? `$ ${event.command}`.slice(0, 160) : undefined;
    case 'edit':
      return `edits ${event.paths.map((file) => path.basename(file)).join(', ')}`.slice(0, 160);
    case 'text':
      return event.text.split('\n')[0]?.slice(0, 160);
    case 'retry':
      return `waits: ${event.reason}`.slice(0, 160);
    case 'tool':
      return event.phase === 'start' ? `uses ${event.name}` : undefined;
    default:
      return undefined;
  }
}

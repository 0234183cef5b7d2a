import type { BlockedBy } from '../domain/failure.ts';
import { isoUtc } from '../domain/time.ts';
import type { SessionView, WatchView } from '../ledger/views.ts';
import { isoOrNull } from './instants.ts';
import { redOfOthers, redOfOthersWords, wasLeftRed } from './red-of-others.ts';
import type { NeedPart } from './report.ts';
import type { Situation } from './situation.ts';
import { parkedAgents } from './waiting-parts.ts';

/** What only a person can move on, with the command that helps. */
export function needParts(situation: Situation): readonly NeedPart[] {
  return [
    ...brokenFiles(situation),
    ...deadRun(situation),
    ...helplessAgents(situation),
    ...redBranches(situation),
    ...redBranchesOfOthers(situation),
    ...blockedSessions(situation),
    ...blockedTasks(situation),
    ...blockedIdeas(situation),
  ];
}

const nobody = { repo: null, session: null, since: null };

function brokenFiles({ question }: Situation): readonly NeedPart[] {
  return (question.problems ?? []).map((why) => ({
    ...nobody,
    what: 'configuration',
    why,
    hint: 'mend the file; the last good one stays in force',
  }));
}

function deadRun({ run, runState, now }: Situation): readonly NeedPart[] {
  if (run === undefined || runState !== 'died') return [];
  const why = `run ${run.id} died: its process ${run.pid} is gone and it did not end itself`;
  return [
    { ...nobody, since: isoUtc(Math.min(run.tickedAt, now)), what: 'run_died', why, hint: 'clone run' },
  ];
}

function helplessAgents(situation: Situation): readonly NeedPart[] {
  return parkedAgents(situation)
    .filter(({ until }) => until === undefined)
    .map(({ agent, why, since }) => ({
      ...nobody,
      since: isoUtc(since),
      what: 'agent',
      why: `${agent}: ${why}`,
      hint: agent === 'codex' ? 'codex login status; then clone run' : 'log in to it; then clone run',
    }));
}

function blockedTasks({ asked }: Situation): readonly NeedPart[] {
  return asked
    .filter((task) => task.state === 'blocked')
    .map((task) => ({
      repo: task.repo,
      session: task.session ?? null,
      since: isoUtc(task.movedAt),
      what: 'task',
      why: `"${task.title}": ${task.why}`,
      hint: `clone tasks retry ${task.id}, or clone tasks cancel ${task.id}`,
    }));
}

function blockedIdeas({ ideas }: Situation): readonly NeedPart[] {
  return ideas.map((idea) => ({
    ...nobody,
    since: isoUtc(idea.movedAt),
    what: 'idea',
    why: `the idea "${idea.title}" is blocked at "${idea.step ?? 'triage'}": ${idea.why}`,
    hint: idea.hint || `clone ideas retry ${idea.id}`,
  }));
}

function redBranches(situation: Situation): readonly NeedPart[] {
  const { repos, watches, stillRed } = situation;
  return (
    [...repos.values()]
      // What somebody else pushed since has a word of its own.
      .filter((repo) => repo.ci === 'red' && !repo.branchCi && !isLeftAlone(situation, repo.name))
      .map((repo) => {
        const isIt = (one: WatchView): boolean => one.repo === repo.name && one.sha === repo.ciSha;
        const watch = watches.find(isIt) ?? stillRed.find(isIt);
        // The landing of a shorter memory has no session to show.
        const own = watch?.session.startsWith('compact-') ? undefined : watch?.session;
        const session = own ?? repo.lastSession ?? null;
        return {
          repo: repo.name,
          session,
          since: isoOrNull(watch?.endedAt),
          what: 'ci_red',
          why: watch?.why ?? `CI is red on ${repo.ciSha?.slice(0, 7) ?? 'the branch'}`,
          hint: session === null ? `clone show ${repo.name}` : `clone show ${session}`,
        };
      })
  );
}

/** What others pushed, where a visit found nothing to do about it: nobody looks again before the next push. */
function redBranchesOfOthers(situation: Situation): readonly NeedPart[] {
  return [...situation.repos.values()].flatMap((repo) => {
    const red = isLeftAlone(situation, repo.name) ? undefined : redOfOthers(repo);
    if (red === undefined || !wasLeftRed(repo)) return [];
    return {
      repo: repo.name,
      session: repo.lastSession ?? null,
      since: isoUtc(red.since),
      what: 'ci_red',
      why: `${redOfOthersWords(red)}; the last visit found nothing to do about it`,
      hint: `clone show ${repo.lastSession ?? repo.name}; mend it, or clone tasks add "for ${repo.name}: ..."`,
    };
  });
}

/** Ignored, or taken out of the portfolio: a person has decided. While a file is broken nobody has. */
export function isLeftAlone({ question: { portfolio, problems } }: Situation, name: string): boolean {
  const entry = portfolio.find((repo) => repo.name === name);
  return entry === undefined ? (problems ?? []).length === 0 : entry.ignored;
}

const waitsForAPerson: ReadonlySet<BlockedBy> = new Set([
  'human',
  'access',
  'contract',
  'environment',
  'agent',
]);

/** A newer visit that ended otherwise shows that the obstacle is gone; what is held for review stays. */
function blockedSessions(situation: Situation): readonly NeedPart[] {
  const { blocked, repos } = situation;
  return blocked
    .filter((session) => session.blockedBy === undefined || waitsForAPerson.has(session.blockedBy))
    .filter(
      ({ blockedBy, repo, id }) =>
        blockedBy === 'human' || (repos.get(repo)?.lastSession === id && !isLeftAlone(situation, repo)),
    )
    .map((session) => ({
      repo: session.repo,
      session: session.id,
      since: isoOrNull(session.endedAt),
      what: session.blockedBy ?? 'blocked',
      why: session.why ?? 'it did not say why',
      hint: hintFor(session),
    }));
}

function hintFor({ id, repo, land, blockedBy, states }: SessionView): string {
  const isHeld = land !== 'push' || states.some(({ facts }) => typeof facts['held'] === 'string');
  if (blockedBy === 'human' && isHeld) return `clone review ${id}`;
  if (blockedBy === 'access') return `clone show ${id}; mend the login or the right, then clone run`;
  if (blockedBy === 'agent') return `clone show ${id}; then clone run --repo ${repo}`;
  return `clone show ${id}`;
}

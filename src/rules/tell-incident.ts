import type { Finding } from '../domain/change.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Incident, IncidentTrigger } from '../domain/memory.ts';
import type { Remembering } from '../domain/remembering.ts';
import type { Sha } from '../domain/repo.ts';
import type { Instant } from '../domain/time.ts';
import { oneLine } from './memory/words.ts';

/** What the agent that had to mend it says; its words only, and perhaps those of a log. */
export interface Lesson {
  readonly rootCause: string;
  readonly preventionRule: string;
}

/** Where it happened. */
interface Place {
  readonly session: string;
  readonly at: Instant;
}

/** A task that stayed red for all its repairs. */
export function exhaustedRepair(
  place: Place,
  told: {
    task: { id: string; title: string };
    failing: readonly Evidence[];
    repairs: number;
    lesson: Lesson;
  },
): Remembering {
  const { task, failing, repairs, lesson } = told;
  const [first] = failing;
  const names = failing.map(({ check }) => check).join(', ') || 'a check';
  return incident(place, `${place.session}/${task.id}/repair`, task.id, {
    trigger: 'exhausted-repair',
    title: `"${task.title}" was taken out: ${names} stayed red`,
    impact: `The task did not land; ${counted(repairs, 'repair turn')} did not help.`,
    fix: 'none yet; its commit is kept in the mirror of clone',
    evidence: failing.map(seen).join('; ') || 'local: a check was red',
    confidence: 'low',
    ...learned(lesson, {
      rootCause: `not found in ${counted(repairs, 'repair turn')}`,
      prevention: `Run ${first ? `\`${first.command}\`` : 'the checks'} early, and take a smaller step where it stays red.`,
    }),
  });
}

/** A claim that our own run contradicted; `mended` when the repair that followed held. */
export function overClaimed(
  place: Place,
  told: {
    task: { id: string; title: string };
    claims: readonly { claim: string; saw: string }[];
    command: string;
    mended: { lesson: Lesson } | undefined;
  },
): Remembering {
  const { task, claims, command, mended } = told;
  const [first] = claims;
  return incident(place, `${place.session}/${task.id}/over-claim`, task.id, {
    trigger: 'over-claim',
    title: `"${task.title}": claimed to hold, and it did not`,
    impact: `The agent said "${oneLine(first?.claim ?? '', 200)}".`,
    fix: mended ? 'the repair turn after it, verified by our own run' : 'none yet',
    evidence: `local: ${first?.saw ?? 'a check was red'}`,
    confidence: 'high',
    ...learned(mended?.lesson ?? { rootCause: '', preventionRule: '' }, {
      rootCause: 'the claim was made without running the check, or before the last edit',
      prevention: `Run \`${command}\` after the last edit, and claim only what it printed then.`,
    }),
  });
}

/** Work that a gate refused for all its repairs; nothing of the session landed. */
export function refusedByGates(
  place: Place,
  told: { findings: readonly Finding[]; repairs: number; lesson: Lesson },
): Remembering {
  const { findings, repairs, lesson } = told;
  const names = [...new Set(findings.map(({ gate }) => gate))].join(', ');
  const [first] = findings;
  return incident(place, `${place.session}/gates`, undefined, {
    trigger: 'exhausted-repair',
    title: `A session did not land: refused by ${names}`,
    impact: `Nothing of it landed; ${counted(repairs, 'repair turn')} did not help.`,
    fix: 'none yet; its commits are kept in the mirror of clone',
    evidence: `local: ${first?.message ?? 'a gate refused'}`,
    confidence: 'high',
    ...learned(lesson, {
      rootCause: oneLine(first?.message ?? 'a gate refused', 400),
      prevention: `Before you hand over: ${first?.hint ?? 'look at what a gate refuses'}.`,
    }),
    // Names of files are anybody's words.
    trust: undefined,
  });
}

/** A landing that turned CI red. `fix`: the subject of the commit that mends it. */
export function redCi(
  place: Place,
  told: {
    sha: Sha;
    jobs: readonly string[];
    url: string | undefined;
    fix: string | undefined;
    lesson: Lesson;
  },
): Remembering {
  const { sha, jobs, url, fix, lesson } = told;
  const what = jobs.join(', ') || 'a run';
  return incident(place, redCiId(sha), undefined, {
    trigger: 'red-ci',
    title: `CI turned red on ${sha.slice(0, 12)}: ${what}`,
    impact: 'The branch was red from that commit on.',
    fix: fix === undefined ? 'none yet' : `${oneLine(fix, 200)} (green in our own run of the checks)`,
    evidence: `direct: CI failed on ${sha.slice(0, 12)} in ${what}${url === undefined ? '' : `, ${url}`}`,
    confidence: fix !== undefined && lesson.rootCause.trim() !== '' ? 'medium' : 'low',
    ...learned(lesson, {
      rootCause: 'not known',
      prevention: `Before a change lands, run here what ${what} runs there.`,
    }),
    // The names of jobs are anybody's words.
    trust: undefined,
  });
}

/** A landing that was taken back since CI stayed red. */
export function takenBack(
  place: Place,
  told: { sha: Sha; revert: Sha; jobs: readonly string[]; url: string | undefined; lesson: Lesson },
): Remembering {
  const { sha, revert, jobs, url, lesson } = told;
  const what = jobs.join(', ') || 'a run';
  const remembering = incident(place, `revert/${sha}`, undefined, {
    trigger: 'revert',
    title: `The landing ${sha.slice(0, 12)} was taken back: CI stayed red in ${what}`,
    impact: 'What the session did is not on the branch any more.',
    fix: `reverted by ${revert.slice(0, 12)}`,
    evidence: `direct: CI failed in ${what}${url === undefined ? '' : `, ${url}`}`,
    confidence: 'medium',
    ...learned(lesson, {
      rootCause: 'not known: no fix pass mended it',
      prevention: `Before a change lands, run here what ${what} runs there.`,
    }),
    trust: undefined,
  });
  return { ...remembering, commit: revert };
}

export function redCiId(sha: Sha): string {
  return `red-ci/${sha}`;
}

type Told = Omit<Incident, 'at' | 'commit'> & { readonly lesson: boolean };

function incident(
  { session, at }: Place,
  id: string,
  task: string | undefined,
  told: Told & { trigger: IncidentTrigger },
): Remembering {
  const { lesson, ...words } = told;
  const { title, impact, fix, evidence } = words;
  const incident = {
    ...words,
    at,
    title: oneLine(title, 200),
    impact: oneLine(impact, 400),
    fix: oneLine(fix, 400),
    evidence: oneLine(evidence, 400),
  };
  const what = { kind: 'incident' as const, incident, lesson };
  return { id, session, task, waits: false, commit: undefined, what };
}

/** What the agent says of cause and rule, else what can be said without it. Only the latter are our own words. */
function learned(
  lesson: Lesson,
  ours: { rootCause: string; prevention: string },
): Pick<Told, 'rootCause' | 'prevention' | 'trust' | 'lesson'> {
  const rootCause = oneLine(lesson.rootCause, 400);
  const prevention = oneLine(lesson.preventionRule, 400);
  const isTold = rootCause !== '' || prevention !== '';
  return {
    rootCause: rootCause || ours.rootCause,
    prevention: prevention || ours.prevention,
    trust: isTold ? undefined : 'trusted',
    lesson: isTold,
  };
}

function seen({ check, command, exitCode, note }: Evidence): string {
  const how = exitCode === undefined ? (note ?? 'did not run to an exit') : `exited ${exitCode}`;
  return `local: ${check} (\`${command}\`) ${how}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

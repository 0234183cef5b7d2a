import type { Options } from '../config/options.ts';
import type { TrustedIssue } from '../domain/issue.ts';
import type { Repo } from '../domain/repo.ts';
import type { Instant } from '../domain/time.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { OperatorTaskView, RepoView } from '../ledger/views.ts';
import type { ForgeFailure, Slug } from '../ports/forge.ts';
import type { World } from '../ports/world.ts';
import { digestOf } from '../rules/fingerprint.ts';
import type { MemoryFiles } from './memory-files.ts';

/** What the ledger and the forge say of all repositories at once, asked before any of them is looked at. */
export interface Surroundings {
  /** When the run began; undefined: nobody runs, a person only asks. */
  readonly runBegan: Instant | undefined;
  /** The names on the command line; empty: the whole portfolio. */
  readonly only: readonly string[];
  readonly views: ReadonlyMap<string, RepoView>;
  /** What people asked for and nobody works on yet; the most urgent first. */
  readonly asked: ReadonlyMap<string, readonly OperatorTaskView[]>;
  /** Repositories with a landing whose CI somebody watches. */
  readonly watched: ReadonlySet<string>;
  /** When somebody pushed last, as the forge says; undefined: it does not say. */
  readonly pushed: ReadonlyMap<Slug, Instant> | undefined;
  /** The forge does not accept our token, in its words. */
  readonly tokenRefused?: string | undefined;
  readonly memory: MemoryFiles;
  /** A digest of the prompts that judge a repository; undefined: they cannot be used as they are. */
  promptsOf(repo: Repo, options: Pick<Options, 'prompts_dir'>): Promise<string | undefined>;
}

/** With the issues of people we trust; of a repository without an entry nothing is known. */
export interface WithIssues extends Surroundings {
  readonly issues: ReadonlyMap<string, readonly TrustedIssue[]>;
}

export interface AroundWhat {
  readonly runBegan: Instant | undefined;
  readonly only: readonly string[];
  readonly memory: MemoryFiles;
  /** Repositories that this cycle made: each has its turn when the CI of its first push has its verdict. */
  readonly afterCi?: ReadonlyMap<string, Promise<unknown>> | undefined;
}

/** A few queries and one request, however many repositories there are. */
export async function lookAround(
  world: Pick<World, 'forge' | 'prompts'> & {
    readonly ledger: Pick<Ledger, 'repos' | 'operatorTasks' | 'watches'>;
  },
  about: AroundWhat,
): Promise<Surroundings> {
  const { ledger, forge } = world;
  const pushed = await forge?.pushed();
  const watches = forge ? await ledger.watches({ open: true }) : [];
  return {
    ...about,
    views: new Map((await ledger.repos()).map((view) => [view.name, view])),
    asked: Map.groupBy(await ledger.operatorTasks({ states: ['queued'] }), (task) => task.repo),
    watched: new Set(watches.map(({ repo }) => repo).filter((name) => !about.afterCi?.has(name))),
    pushed: pushed?.ok ? pushed.value : undefined,
    tokenRefused: pushed?.ok === false && isWrongToken(pushed.failure) ? pushed.failure.message : undefined,
    promptsOf: promptDigests(world),
  };
}

/** A token that is accepted and may not ask for everything may still do all the rest. */
function isWrongToken(failure: ForgeFailure): boolean {
  return failure.kind === 'access' && failure.unknownToken === true;
}

/** The templates that decide whether a visit finds something to do. */
const judging = ['core', 'steering', 'plan'];

/** Read once for each folder of prompts. */
function promptDigests({ prompts }: Pick<World, 'prompts'>): Surroundings['promptsOf'] {
  const known = new Map<string, Promise<string | undefined>>();
  return (repo, { prompts_dir: folder }) => {
    const reading =
      known.get(folder) ??
      Promise.all(judging.map((name) => prompts.template(name, { folder, repository: repo.path }))).then(
        (texts) => digestOf(texts.map(({ text }) => text)),
        () => undefined,
      );
    known.set(folder, reading);
    return reading;
  };
}

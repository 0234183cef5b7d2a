/** Where an idea stands. NEW and TRIAGED are taken up by themselves, BLOCKED only when a person says so. */
export const ideaStatuses = ['NEW', 'TRIAGED', 'ACTIVE', 'BLOCKED'] as const;
export type IdeaStatus = (typeof ideaStatuses)[number];

/** A project that has no repository yet, as a person wrote it into `ideas.yaml`. */
export interface Idea {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly status: IdeaStatus;
  /** Name of its folder and of its repository; made of the title where none is written. */
  readonly repoName: string;
  /** What the repository will be for; empty: the summary says it. */
  readonly objective: string;
  /** Step, words and what to do, while it is blocked. */
  readonly lastError: string | undefined;
}

/** The steps on which an idea becomes a repository, in their order. Each may be taken again. */
export const ideaSteps = ['triage', 'folder', 'files', 'repository', 'github', 'push', 'portfolio'] as const;
export type IdeaStep = (typeof ideaSteps)[number];

/** What each step does, for people. */
export const ideaStepWords: Readonly<Record<IdeaStep, string>> = {
  triage: 'the name is valid and free',
  folder: 'make the folder',
  files: 'the agent writes the first files; they are checked here',
  repository: 'git init and the first commit, on main',
  github: 'a private repository on GitHub',
  push: 'push main',
  portfolio: 'an entry in repos.yaml',
};

/** Id of the task that every session of an idea has: its first files. */
export const firstVersionTask = 'first-version';

/** Why an idea does not go on: where, in words, and what a person can do. */
export interface IdeaFailure {
  readonly step: IdeaStep;
  readonly why: string;
  readonly hint: string;
}

/** What stands at the path of an idea. */
export type IdeaPlace =
  | { readonly is: 'nothing' }
  | { readonly is: 'empty-folder' }
  | { readonly is: 'repository' }
  /** `first`: one of the names in it. */
  | { readonly is: 'files'; readonly first: string }
  | { readonly is: 'no-folder' };

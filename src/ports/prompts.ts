/** The prompt templates in force: the built-in ones, or what stands in for them. */
export interface Prompts {
  /**
   * Text of a template such as `plan` or `core`, and where it came from. Throws `PromptUnusable` for a file of the
   * owner's that cannot be one.
   */
  template(name: string, own?: OwnPrompts): Promise<{ readonly text: string; readonly source: string }>;
}

/** What a person does to the prompt files while a run goes on. */
export interface PromptEdits {
  /**
   * Has every edit since the last call count from now on. Files are read again only when they changed. An edit that
   * cannot be used is told once, and the prompt as it was stays in force.
   */
  takeUp(now: PromptsNow): Promise<readonly PromptProblem[]>;
}

export interface PromptsNow {
  /** Files that are named one by one, by prompt; empty: none. */
  readonly named: Readonly<Record<string, string>>;
  /** What is wrong with a text, if anything. */
  readonly flawOf: (name: string, text: string) => Omit<PromptProblem, 'source'> | undefined;
}

/** What is wrong with a prompt of the owner's, where, and what helps. */
export interface PromptProblem {
  readonly source: string;
  readonly message: string;
  readonly hint: string;
}

/** The owner's prompts for one repository. */
export interface OwnPrompts {
  /** Looked at before all others; empty: there are none. */
  readonly folder: string;
  /** Where the repository is. Nothing from there is ever a prompt: whoever can push to it could write one. */
  readonly repository: string;
}

/** A prompt file of the owner's that cannot be used as it is: a mistake to mend before any agent starts. */
export class PromptUnusable extends Error {
  readonly source: string;
  readonly hint: string;
  constructor({ source, message, hint }: PromptProblem) {
    super(message);
    this.source = source;
    this.hint = hint;
  }
}

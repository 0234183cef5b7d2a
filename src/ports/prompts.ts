/** The prompt templates in force: the built-in ones, or what stands in for them. */
export interface Prompts {
  /**
   * Text of a template such as `plan` or `core`, and where it came from. Throws `PromptUnusable` for a file of the
   * owner's that cannot be one.
   */
  template(name: string, own?: OwnPrompts): Promise<{ readonly text: string; readonly source: string }>;
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
  constructor({ source, message, hint }: { source: string; message: string; hint: string }) {
    super(message);
    this.source = source;
    this.hint = hint;
  }
}

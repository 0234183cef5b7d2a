/** The prompt templates in force: the built-in ones, or what stands in for them. */
export interface Prompts {
  /** Text of a template such as `plan` or `core`, and where it came from. */
  template(name: string): Promise<{ readonly text: string; readonly source: string }>;
}

/** The prompts whose files the options name, by prompt; empty: none is named. */
export function namedPrompts(options: {
  readonly core_prompt_file: string;
  readonly prompts_file: string;
}): Readonly<Record<string, string>> {
  return { core: options.core_prompt_file, steering: options.prompts_file };
}

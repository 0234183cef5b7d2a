import { z } from 'zod';

/** Says yes or no to a text; `source` is how the scenario wrote it. */
export interface Pattern {
  readonly source: string;
  readonly accepts: (text: string) => boolean;
}

/** `/expression/flags`, or a piece of text that must occur. */
export const textPattern = z
  .string()
  .min(1)
  .transform(toPattern((wanted, text) => text.includes(wanted)));

/** `/expression/flags`, or the whole name. */
export const namePattern = z
  .string()
  .min(1)
  .transform(toPattern((wanted, text) => text === wanted));

type Comparison = (wanted: string, text: string) => boolean;

function toPattern(compare: Comparison): (source: string, context: z.RefinementCtx) => Pattern {
  return (source, context) => {
    const [, expression, flags] = /^\/(.+)\/([a-z]*)$/s.exec(source) ?? [];
    if (expression === undefined) return { source, accepts: (text) => compare(source, text) };
    try {
      // `g` and `y` make an expression remember where it stopped, and then the same text matches only sometimes.
      const compiled = new RegExp(expression, (flags ?? '').replaceAll(/[gy]/g, ''));
      return { source, accepts: (text) => compiled.test(text) };
    } catch (cause) {
      context.addIssue({ code: 'custom', message: (cause as SyntaxError).message });
      return z.NEVER;
    }
  };
}

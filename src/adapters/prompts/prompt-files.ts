import path from 'node:path';
import {
  type OwnPrompts,
  type PromptEdits,
  type PromptProblem,
  type Prompts,
  PromptUnusable,
} from '../../ports/prompts.ts';
import { markOf, missing, readPrompt } from './read-prompt.ts';
import { refuseStrangers } from './refuse-strangers.ts';

export interface PromptFilesOptions {
  /** Folder in which a file replaces the built-in prompt of the same name: `<home>/prompts`. */
  readonly folder: string;
  /** Files named one by one, by prompt: they win over the folder. */
  readonly named: Readonly<Record<string, string>>;
  /** Text of a built-in prompt; undefined: there is none of that name. */
  readonly builtIn: (name: string) => Promise<string | undefined>;
}

/** How the files looked that were looked at, by path: none after the one that was taken. */
type Marks = ReadonlyMap<string, string>;

interface Reading {
  readonly template: { readonly text: string; readonly source: string };
  readonly marks: Marks;
}

/** A prompt that was asked for. */
interface Known {
  readonly name: string;
  readonly own: OwnPrompts;
  readonly reading: Promise<Reading>;
  /** How the files looked when an edit was refused: it is not read again before it changes. */
  readonly refused?: Marks | undefined;
}

/**
 * Prompt templates from files, read once each until edits are taken up, so that all sessions of a cycle are told the
 * same. A file that is named and missing is a mistake, not a default.
 */
export function promptFiles(options: PromptFilesOptions): Prompts & PromptEdits {
  const { folder, builtIn } = options;
  const known = new Map<string, Known>();
  let { named } = options;

  /** Where a prompt may be; the first that is there is taken. */
  const placesOf = (name: string, own: OwnPrompts): readonly string[] => [
    ...(own.folder === '' ? [] : [path.join(own.folder, `${name}.md`)]),
    named[name] || path.join(folder, `${name}.md`),
  ];

  async function read(name: string, own: OwnPrompts): Promise<Reading> {
    if (own.folder !== '') await refuseStrangers(own);
    const marks = new Map<string, string>();
    for (const file of placesOf(name, own)) {
      const { text, mark } = await readPrompt(file);
      marks.set(file, mark);
      if (text !== undefined) return { template: { text, source: file }, marks };
      if (file === named[name])
        throw new PromptUnusable({ source: file, message: 'there is no such file', hint: 'name another' });
    }
    const text = await builtIn(name);
    if (text === undefined) throw new Error(`there is no prompt named "${name}"`);
    return { template: { text, source: `built-in ${name}.md` }, marks };
  }

  return {
    async template(name, own = { folder: '', repository: '' }) {
      const key = own.folder === '' ? name : [name, own.folder, own.repository].join('\0');
      const one = known.get(key) ?? { name, own, reading: read(name, own) };
      known.set(key, one);
      return (await one.reading).template;
    },

    async takeUp(now) {
      ({ named } = now);
      const look = rememberingMarks();
      const problems = new Map<string, PromptProblem>();
      for (const [key, one] of known) {
        const before = await one.reading.catch(() => undefined);
        // What never could be used is read anew when it is asked for.
        if (!before) known.delete(key);
        const marks = before && changedMarks(placesOf(one.name, one.own), one.refused ?? before.marks, look);
        if (!marks) continue;
        const edited = await usable(read(one.name, one.own), (text) => now.flawOf(one.name, text));
        if ('reading' in edited) known.set(key, { ...one, ...edited, refused: undefined });
        else {
          known.set(key, { ...one, refused: marks });
          problems.set(`${edited.source} ${edited.message}`, edited);
        }
      }
      return [...problems.values()];
    },
  };
}

/** Many repositories share the files of the home: each is looked at once. */
function rememberingMarks(): (file: string) => string {
  const marks = new Map<string, string>();
  return (file) => {
    const mark = marks.get(file) ?? markOf(file);
    marks.set(file, mark);
    return mark;
  };
}

/** How the files look now, if that is not as before. */
function changedMarks(
  places: readonly string[],
  before: Marks,
  look: (file: string) => string,
): Marks | undefined {
  const marks = new Map<string, string>();
  for (const file of places) {
    const mark = look(file);
    marks.set(file, mark);
    if (mark !== missing) break;
  }
  return [...marks].some(([file, mark]) => before.get(file) !== mark) ? marks : undefined;
}

async function usable(
  reading: Promise<Reading>,
  flawOf: (text: string) => Omit<PromptProblem, 'source'> | undefined,
): Promise<{ reading: Promise<Reading> } | PromptProblem> {
  try {
    const { template } = await reading;
    const flaw = flawOf(template.text);
    return flaw ? { source: template.source, ...flaw } : { reading };
  } catch (problem) {
    if (!(problem instanceof PromptUnusable)) throw problem;
    const { source, message, hint } = problem;
    return { source, message, hint };
  }
}

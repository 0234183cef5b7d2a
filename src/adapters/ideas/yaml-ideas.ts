import path from 'node:path';
import type { Idea } from '../../domain/idea.ts';
import { failed, ok } from '../../domain/result.ts';
import type { Ideas } from '../../ports/ideas.ts';
import { readUserFile } from '../home/read-user-file.ts';
import { editIdeas } from './edit-ideas.ts';
import { type IdeasText, type NameFromTitle, readIdeas } from './read-ideas.ts';

export interface YamlIdeasOptions {
  /** The home. */
  readonly folder: string;
  readonly nameFromTitle: NameFromTitle;
}

/** The ideas in `ideas.yaml`; a missing file holds none. */
export function yamlIdeas({ folder, nameFromTitle }: YamlIdeasOptions): Ideas {
  const file = path.join(folder, 'ideas.yaml');
  const readText = (text: string): IdeasText | undefined => {
    const read = readIdeas(text, file, nameFromTitle);
    return read.ok ? read.value : undefined;
  };
  return {
    async read() {
      const text = await readUserFile(file);
      if (!text.ok) return text;
      const read = readIdeas(text.value ?? '', file, nameFromTitle);
      return read.ok ? ok(read.value.ideas) : read;
    },
    async change(edit) {
      // Loaded here: most commands only read.
      const { changeFile } = await import('../portfolio/change-file.ts');
      return changeFile<readonly Idea[]>(file, (before) => {
        const read = readIdeas(before, file, nameFromTitle);
        if (!read.ok) return read;
        const edits = edit(read.value.ideas);
        if (edits.length === 0) return ok({ text: before, value: read.value.ideas });
        const text = editIdeas(before, read.value, { edits, file, readText });
        if (!text.ok) return text;
        const after = readIdeas(text.value, file, nameFromTitle);
        if (after.ok) return ok({ text: text.value, value: after.value.ideas });
        // The file was fine and the change was not: the lines are those of a text that was never written.
        const message = `the change was refused: ${after.failure.message}`;
        return failed({ ...after.failure, line: undefined, column: undefined, message });
      });
    },
  };
}

/** A piece of a template: words as they are, or the place of a variable. */
export type TemplatePiece =
  | { readonly is: 'words'; readonly text: string }
  | { readonly is: 'variable'; readonly name: string; readonly alone: boolean };

/**
 * Takes a template apart at its `{{names}}`. `alone`: the variable has its line for itself, so that its line goes
 * when it has nothing to say. `${{ x }}` is how workflows write, and stays as it is.
 */
export function readTemplate(text: string): readonly TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  const plain = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  let copied = 0;
  for (const found of plain.matchAll(/(?<!\$)\{\{\s*([A-Za-z][\w-]*)\s*\}\}/g)) {
    const [whole, name = ''] = found;
    const end = found.index + whole.length;
    if (found.index > copied) pieces.push({ is: 'words', text: plain.slice(copied, found.index) });
    const line = plain.slice(plain.lastIndexOf('\n', found.index) + 1, endOfLine(plain, end));
    pieces.push({ is: 'variable', name, alone: line.trim() === whole });
    copied = end;
  }
  if (copied < plain.length) pieces.push({ is: 'words', text: plain.slice(copied) });
  return pieces;
}

/** The names in a template that are not among `known`. Strict: each is a mistake, found before any agent starts. */
export function unknownNames(text: string, known: readonly string[]): readonly string[] {
  const names = readTemplate(text).flatMap((piece) => (piece.is === 'variable' ? [piece.name] : []));
  return [...new Set(names)].filter((name) => !known.includes(name));
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

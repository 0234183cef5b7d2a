import { failed, ok, type Result } from '../../domain/result.ts';
import type { FileProblem, PortfolioEdit } from '../../ports/portfolio.ts';
import { aliasStillUsed } from './alias-still-used.ts';
import { areSameJson, editInPlace, endedAs, type ListEdit, type ListText, saySame } from './edit-in-place.ts';
import { applyToJson, isJson } from './edit-json.ts';
import { changeDocument, entriesIn, writtenAnew } from './edit-yaml.ts';
import { entryValues } from './entry-values.ts';
import { parsePortfolio } from './read-portfolio.ts';

/**
 * Applies edits to the text of any portfolio: in place where that says what is meant, which is looked up in the
 * result, and else as a parser writes it: then comments, order and unknown keys stay, and the layout may not.
 */
export function editText(
  text: string,
  edits: readonly PortfolioEdit[],
  file: string,
): Result<string, FileProblem> {
  const parsed = parsePortfolio(text, file);
  if (!parsed.ok) return parsed;
  const { document } = parsed.value;
  const json = isJson(text);
  const read: ListText['read'] = (words) => {
    const again = parsePortfolio(words, file);
    if (!again.ok) return undefined;
    return { document: again.value.document, entries: entriesIn(again.value.document) };
  };
  const first = { text, document, entries: entriesIn(document) };
  const inPlace = editInPlace(first, edits.map(listEdit), { list: 'repos', json, read });
  if (json) {
    const anew = applyToJson(text, edits);
    return ok(inPlace !== undefined && areSameJson(inPlace, anew) ? inPlace : endedAs(text, anew));
  }
  try {
    changeDocument(document, edits);
    if (inPlace !== undefined && saySame(read(inPlace)?.document, document)) return ok(inPlace);
    return ok(endedAs(text, writtenAnew(document, text)));
  } catch (error) {
    return failed(aliasStillUsed(error, text, file));
  }
}

function listEdit(edit: PortfolioEdit): ListEdit {
  switch (edit.edit) {
    case 'add':
      return { edit: 'add', name: edit.repo.name, values: entryValues(edit.repo) };
    case 'unset':
      return {
        edit: 'set',
        name: edit.name,
        values: Object.fromEntries(edit.keys.map((key) => [key, undefined])),
      };
    case 'set':
    case 'remove':
    case 'header':
      return edit;
  }
}

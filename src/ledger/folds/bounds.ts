/** Adds at the end; over `most`, the oldest go. A view stays small however long a session is. */
export function appended<Item>(items: readonly Item[], item: Item, most: number): readonly Item[] {
  return [...items, item].slice(-most);
}

/** At most `most` characters of a text, with a mark where it was cut. */
export function cut(text: string, most = 2000): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

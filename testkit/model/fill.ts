/** Puts values for `{{name}}` into every string inside; braces around any other word stay as they are. */
export function fill<Value>(value: Value, words: ReadonlyMap<string, string>): Value {
  return filled(value, words) as Value;
}

function filled(value: unknown, words: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\{\{([a-z]+)\}\}/g, (whole, name: string) => words.get(name) ?? whole);
  }
  if (Array.isArray(value)) return value.map((item) => filled(item, words));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, words)]));
}

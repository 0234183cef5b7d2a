/** Values of a git configuration file by `section.subsection.key`; the last one of a key wins. */
export type ConfigValues = ReadonlyMap<string, readonly string[]>;

/**
 * Reads a configuration file without git. Includes are not followed. A line that makes no sense is passed over:
 * git itself will complain about it soon enough.
 */
export function parseConfig(text: string): ConfigValues {
  const values = new Map<string, string[]>();
  let section = '';
  for (const line of text.replaceAll('\\\r\n', '').replaceAll('\\\n', '').split(/\r?\n/)) {
    const heading = /^\s*\[\s*([\w.-]+)\s*(?:"((?:[^"\\]|\\.)*)")?\s*\](.*)$/.exec(line);
    if (heading) {
      const sub = heading[2]?.replaceAll(/\\(.)/g, '$1');
      section = `${(heading[1] ?? '').toLowerCase()}${sub === undefined ? '' : `.${sub}`}`;
    }
    const entry = /^\s*([a-zA-Z][\w-]*)\s*(?:=\s*(.*))?$/.exec(heading ? (heading[3] ?? '') : line);
    if (!entry || section === '') continue;
    const key = `${section}.${(entry[1] ?? '').toLowerCase()}`;
    values.set(key, [...(values.get(key) ?? []), entry[2] === undefined ? 'true' : unquote(entry[2])]);
  }
  return values;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b' };

function unquote(raw: string): string {
  let value = '';
  let quoted = false;
  // Trailing blanks count only inside quotes.
  let solid = 0;
  for (let at = 0; at < raw.length; at += 1) {
    const letter = raw.charAt(at);
    if (letter === '"') {
      quoted = !quoted;
      solid = value.length;
    } else if (letter === '\\') {
      at += 1;
      value += escapes[raw.charAt(at)] ?? raw.charAt(at);
      solid = value.length;
    } else if (!quoted && (letter === '#' || letter === ';')) break;
    else {
      value += letter;
      if (quoted || letter.trim() !== '') solid = value.length;
    }
  }
  return value.slice(0, solid);
}

/** The value of a key that holds one. */
export function valueOf(values: ConfigValues, key: string): string | undefined {
  return values.get(key)?.at(-1);
}

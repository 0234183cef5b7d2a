import { failed, ok, type Result } from '../domain/result.ts';

/**
 * Fills the `{{names}}` of a template. Strict: a name that nobody gives a value for fails, so that a mistyped
 * template is found before any agent starts. Values are put in as they are and never looked at again.
 */
export function renderTemplate(
  text: string,
  values: Readonly<Record<string, string>>,
): Result<string, { readonly unknown: readonly string[]; readonly known: readonly string[] }> {
  const unknown = new Set<string>();
  const filled = text.replace(/\{\{\s*([a-z_]+)\s*\}\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) unknown.add(name);
    return value ?? whole;
  });
  if (unknown.size > 0) return failed({ unknown: [...unknown], known: Object.keys(values).sort() });
  return ok(`${filled.trim()}\n`);
}

/** A path (with `/` between its parts) as a line of an exclude file that matches only it. */
export function excludePattern(file: string): string {
  return file.replaceAll(/[\\*?[\]!# ]/g, '\\$&');
}

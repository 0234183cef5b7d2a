const words = ['[skip ci]', '[ci skip]', '[no ci]', '[skip actions]', '[actions skip]'];

/** Whether a head commit's message asks GitHub to start nothing. */
export function skipsCi(message: string): boolean {
  const text = message.toLowerCase();
  if (words.some((word) => text.includes(word))) return true;
  const lines = text.trimEnd().split('\n');
  const isTrailer = lines.slice(0, -1).some((line) => line.trim() === '');
  return isTrailer && /^skip-checks:[ \t]*true$/.test(lines.at(-1) ?? '');
}

/** The files that a unified diff is about, by their names before and after; each once. */
export function touchedFiles(diff: string): readonly string[] {
  const touched = new Set<string>();
  let inHunk = false;
  for (const line of diff.split('\n')) {
    if (line.startsWith('diff --git ')) {
      inHunk = false;
      for (const name of namesIn(line.slice('diff --git '.length))) touched.add(name);
    } else if (line.startsWith('@@')) {
      inHunk = true;
    } else if (!inHunk) {
      const name =
        /^(?:rename|copy) (?:from|to) (.*)$/.exec(line)?.[1] ?? /^(?:---|\+\+\+) [ab]\/(.*)$/.exec(line)?.[1];
      if (name !== undefined) touched.add(name.replace(/\t$/, ''));
    }
  }
  return [...touched];
}

/** `a/name b/name`; where the names differ, the lines that follow say them. A name that git quotes is none we look for. */
function namesIn(header: string): readonly string[] {
  const half = (header.length - 1) / 2;
  const [before, after] = [header.slice(0, half), header.slice(half + 1)];
  return before.startsWith('a/') && after === `b/${before.slice(2)}` ? [before.slice(2)] : [];
}

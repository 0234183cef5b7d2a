/** A line such as `::error file=a.js,line=3::Broken`. */
export interface WorkflowCommand {
  name: string;
  properties: Record<string, string>;
  message: string;
}

/** The command in an output line; undefined for an ordinary line. */
export function parseCommand(line: string): WorkflowCommand | undefined {
  const text = line.trimStart();
  const end = text.startsWith('::') ? text.indexOf('::', 2) : -1;
  if (end === -1) return undefined;
  const head = text.slice(2, end);
  const [name = ''] = head.split(' ', 1);
  if (!/^[\w-]+$/.test(name)) return undefined;
  return {
    name: name.toLowerCase(),
    properties: parseProperties(head.slice(name.length)),
    message: unescape(text.slice(end + 2)),
  };
}

function parseProperties(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at === -1 ? [] : [[pair.slice(0, at).trim(), unescape(pair.slice(at + 1))] as const];
  });
  return Object.fromEntries(pairs);
}

const escapes: Record<string, string> = { '%0A': '\n', '%0D': '\r', '%3A': ':', '%2C': ',', '%25': '%' };

function unescape(text: string): string {
  return text.replaceAll(/%(?:0A|0D|3A|2C|25)/gi, (found) => escapes[found.toUpperCase()] ?? found);
}

/** Where a secret stands in a text, and what it is: the word of its mask. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

/** Longest thing that a pattern takes for one secret, private key blocks aside. */
export const longestToken = 8192;
/** Longest private key block. */
export const longestKeyBlock = 16_384;

/** A secret does not begin in the middle of a word, except behind an escape such as `\n` or `%3D`. */
const fresh = (prefix: string): string =>
  `(?<=(?:^|[^A-Za-z0-9]|\\\\[nrtbf]|%[0-9A-Fa-f]{2}|\\\\u[0-9A-Fa-f]{4})${prefix})`;
const token = (source: string): RegExp => new RegExp(source, 'g');

/**
 * Every pattern starts with a fixed word, so that the search is fast, and has no part that could be read in two
 * ways, so that no text makes it slow. Where there is a group, it alone is the secret.
 */
const patterns: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['github-token', token('gh[pousr]_[A-Za-z0-9_]{16,2048}(?:[.-][A-Za-z0-9_-]{1,2048}){0,2}')],
  ['github-token', token('github_pat_[A-Za-z0-9_]{16,1024}')],
  ['gitlab-token', token('glpat-[A-Za-z0-9_-]{20,512}')],
  ['anthropic-key', token(`sk-ant-${fresh('sk-ant-')}[A-Za-z0-9_-]{16,1024}`)],
  ['openai-key', token(`sk-(?:proj|svcacct|admin)-${fresh('sk-[a-z]{4,7}-')}[A-Za-z0-9_-]{16,1024}`)],
  ['api-key', token(`sk-${fresh('sk-')}[A-Za-z0-9]{20,512}`)],
  ['stripe-key', token('[sr]k_live_[A-Za-z0-9]{16,512}')],
  ['npm-token', token('npm_[A-Za-z0-9]{30,512}')],
  ['slack-token', token('xox[abeoprs]-[A-Za-z0-9-]{10,512}')],
  ['slack-token', token('xapp-[0-9]-[A-Za-z0-9-]{10,512}')],
  ['aws-key', token(`A(?:KIA|SIA)${fresh('A[KS]IA')}[A-Z0-9]{16}(?![A-Za-z0-9])`)],
  ['google-key', token('AIza[A-Za-z0-9_-]{35}')],
  ['huggingface-token', token(`hf_${fresh('hf_')}[A-Za-z0-9]{30,512}`)],
  ['docker-token', token('dckr_pat_[A-Za-z0-9_-]{20,512}')],
  ['sendgrid-key', token('SG\\.[A-Za-z0-9_-]{16,128}\\.[A-Za-z0-9_-]{16,256}')],
  [
    'jwt',
    token(
      'eyJ(?<=(?:^|[^A-Za-z0-9_-]|\\\\[nrt]|%[0-9A-Fa-f]{2})eyJ)[A-Za-z0-9_-]{8,2048}\\.eyJ[A-Za-z0-9_-]{4,4096}\\.[A-Za-z0-9_-]{8,1024}',
    ),
  ],
  [
    'authorization',
    token(
      'uthorization["\']{0,2} {0,2}[:=] {0,2}["\']?(?:[Bb]asic|[Bb]earer|[Tt]oken) {1,2}([A-Za-z0-9+/=._~-]{16,4096})',
    ),
  ],
];

/** The fixed word with which each of them starts. */
const beginnings =
  /gh[pousr]_|github_pat_|glpat-|sk-|[sr]k_live_|npm_|xox[abeoprs]-|xapp-|A[KS]IA|AIza|hf_|dckr_pat_|SG\.|eyJ|uthorization/;

const userInfo = /:\/\/([^\s/:@"'<>`]{0,256}):([^\s/"'<>`]{1,256})@/g;
const bareUserInfo = /:\/\/([A-Za-z0-9_-]{20,256})@/g;
const placeholder =
  /^(?:[<{*[].*|%.*%|\$\{.*|\$[A-Z_][A-Z0-9_]*|x+|\.+|(?:my|your)?[-_]?(?:pass(?:word|wd)?|pwd|secret|token|changeme|example|postgres|root|user|admin|test|x-oauth-basic)\d{0,3})$/i;

/** Everything in a text that looks like a secret, whoever made it. Spans may overlap. */
export function secretShapes(text: string): SecretSpan[] {
  // Nearly no text has any: what all of them begin with is looked for first.
  return [
    ...(beginnings.test(text) ? tokensIn(text) : []),
    ...(text.includes('://') ? credentialsIn(text) : []),
    ...(text.includes('-----BEGIN ') ? keyBlocks(text) : []),
  ];
}

function tokensIn(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const [kind, pattern] of patterns) {
    for (const hit of text.matchAll(pattern)) {
      const end = hit.index + hit[0].length;
      spans.push({ start: end - (hit[1] ?? hit[0]).length, end, kind });
    }
  }
  return spans;
}

function credentialsIn(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const hit of text.matchAll(userInfo)) {
    if (placeholder.test(hit[2] ?? '')) continue;
    spans.push({ start: hit.index + 3, end: hit.index + hit[0].length - 1, kind: 'credentials' });
  }
  for (const hit of text.matchAll(bareUserInfo)) {
    spans.push({ start: hit.index + 3, end: hit.index + hit[0].length - 1, kind: 'credentials' });
  }
  return spans;
}

const keyStart = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?=\s|\\[nr]|$)/g;
const keyEnd = /-----END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;
const keyLine =
  /[A-Za-z0-9+/]{24,}|(?:^|\s)[A-Za-z0-9+/]{9,}={0,2}\s*$|[A-Za-z0-9+/]={1,2}\s*$|^\s*(?:Proc-Type|DEK-Info|Version|Comment): |^\s*$/;

/** A block without an end is taken for as long as it looks like one. */
function keyBlocks(text: string): SecretSpan[] {
  const spans: SecretSpan[] = [];
  let nextEnd = -1;
  for (const hit of text.matchAll(keyStart)) {
    const start = hit.index;
    if (start < (spans.at(-1)?.end ?? 0)) continue;
    if (nextEnd < start) nextEnd = endOfKey(text, start);
    const body = start + hit[0].length;
    spans.push({
      start,
      end: nextEnd - start <= longestKeyBlock ? nextEnd : endOfBody(text, body),
      kind: 'private-key',
    });
  }
  return spans;
}

function endOfKey(text: string, from: number): number {
  const search = new RegExp(keyEnd);
  search.lastIndex = from;
  const hit = search.exec(text);
  return hit ? hit.index + hit[0].length : Number.POSITIVE_INFINITY;
}

/** The end of the last line that can belong to a key, behind its header or a log's timestamp. */
function endOfBody(text: string, from: number): number {
  const near = text.slice(from, from + longestKeyBlock);
  let end = 0;
  for (const line of near.matchAll(/(?:\r?\n|\\[nr])([^\n\\]*)/g)) {
    const content = line[1] ?? '';
    if (!keyLine.test(content)) break;
    if (content.trim() !== '') end = line.index + line[0].trimEnd().length;
  }
  return from + end;
}

/** Where a private key begins whose end is still to come; undefined: none is open. */
export function openKeyBlock(text: string): number | undefined {
  const start = text.lastIndexOf('-----BEGIN ');
  if (start < 0 || text.length - start > longestKeyBlock) return undefined;
  const header = text.slice(start, start + 80);
  const complete = new RegExp(keyStart).test(header);
  if (!complete && text.length - start >= 80) return undefined;
  return complete && endOfKey(text, start) <= text.length ? undefined : start;
}

/** Shorter values are words, and masking words would make a text unreadable. */
export const shortestSecret = 8;

/**
 * The forms in which a known value can stand in a text: as it is, in a URL, in JSON, and inside base64 wherever
 * the value begins (`Basic` headers hold `x-access-token:VALUE`). Longest first.
 */
export function secretForms(secret: string): string[] {
  const value = secret.trim();
  if (value.length < shortestSecret) return [];
  const lines = value.includes('\n') ? value.split('\n').map((line) => line.trim()) : [];
  const plain = [secret, value, ...lines.filter((line) => line.length >= 20)];
  const forms = plain.flatMap((one) => [
    one,
    encodeURIComponent(one.toWellFormed()),
    JSON.stringify(one).slice(1, -1),
    ...[0, 1, 2].flatMap((before) => insideBase64(one, before)),
  ]);
  return [...new Set(forms)]
    .filter((form) => form.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
}

/** The characters of a base64 text that depend on the value alone, with so many bytes before it (modulo 3). */
function insideBase64(value: string, before: number): string[] {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
  const whole = bytes.toString('base64').replace(/=+$/, '');
  const head = [0, 2, 3][before] ?? 0;
  const tail = bytes.length % 3 === 0 ? 0 : 1;
  const standard = whole.slice(head, whole.length - tail);
  return [standard, standard.replaceAll('+', '-').replaceAll('/', '_')];
}

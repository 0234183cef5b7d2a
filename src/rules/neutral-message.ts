/**
 * A commit message that makes the forge do nothing: it closes no issue, refers to none anywhere, and calls nobody.
 * The words stay readable.
 */
export function neutralMessage(text: string): string {
  return text
    .replace(/(?<![\w.&/-])#(?=\d)/g, 'no. ')
    .replace(/(?<=[\w.-])#(?=\d)/g, '# ')
    .replace(/(?<!\w)GH-(?=\d)/gi, 'GH ')
    .replace(/(\/(?:issues|pull|pulls|discussions|commit))\/(?=[\da-f])/gi, '$1 ')
    .replace(/(?<![\w.+-])@(?=[a-z\d])/gi, '@ ');
}

const escapeSequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const directions = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text of a stranger (a repository, an agent, a CI log) as one line that a terminal shows as it is: no escape
 * sequences, no control characters, nothing that turns the reading direction.
 */
export function oneLine(text: string): string {
  return text
    .replace(escapeSequences, '')
    .replace(controls, ' ')
    .replace(directions, '')
    .replace(/ {2,}/g, ' ')
    .trim();
}

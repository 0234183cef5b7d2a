const pattern =
  /\b(?:error|errors|exception|panic|panicked|fatal|assertionerror)\b(?: [A-Z]{1,6}\d{1,5})? ?[:[(]|^(?:FAIL|FAILED|E {3}|not ok|Traceback)\b|[✗✖×] |\b(?:AssertionError|Error|Exception): /i;

/** Whether the runner marked a line of a log as an error. */
export function isMarkedError(line: string): boolean {
  return line.startsWith('##[error]');
}

/** Whether a line of a log tells of an error, marked or by its words. */
export function looksLikeError(line: string): boolean {
  return isMarkedError(line) || pattern.test(line);
}

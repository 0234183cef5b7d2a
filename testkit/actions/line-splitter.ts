import { StringDecoder } from 'node:string_decoder';

const longestLine = 64 * 1024;

/** Cuts a stream of bytes into lines and holds no more than one of them; overlong ones are cut. */
export function lineSplitter(line: (text: string) => void): { push(chunk: Buffer): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let rest = '';

  function push(text: string): void {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const whole of lines) tell(whole);
    while (rest.length > longestLine) {
      tell(rest.slice(0, longestLine));
      rest = rest.slice(longestLine);
    }
  }

  /** A lone carriage return ends a line too, so a progress bar gives one line per state. */
  function tell(whole: string): void {
    const text = whole.endsWith('\r') ? whole.slice(0, -1) : whole;
    for (const part of text.includes('\r') ? text.split('\r') : [text]) {
      for (let from = 0; from === 0 || from < part.length; from += longestLine) {
        line(part.slice(from, from + longestLine));
      }
    }
  }

  return {
    push(chunk) {
      push(decoder.write(chunk));
    },
    end() {
      push(decoder.end());
      if (rest !== '') tell(rest);
      rest = '';
    },
  };
}

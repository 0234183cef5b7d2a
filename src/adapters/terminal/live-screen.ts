import process from 'node:process';
import type { Screen } from '../../ports/seeing.ts';

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';

/** Redraws the lines at the cursor in place. However the process ends, the cursor is visible again. */
export function liveScreen(write: (text: string) => void): Screen {
  let drawn: readonly string[] = [];
  let open = false;

  const restore = (): void => {
    if (open) write(showCursor);
    open = false;
  };
  const erase = (): string => (drawn.length === 0 ? '' : `\u001b[${drawn.length}A\r\u001b[J`);
  const block = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

  return {
    draw(lines) {
      if (!open) {
        process.once('exit', restore);
        write(hideCursor);
        open = true;
      } else if (same(lines, drawn)) return;
      write(`${erase()}${block(lines)}`);
      drawn = lines;
    },
    above(line) {
      write(`${erase()}${line}\n${block(drawn)}`);
    },
    close() {
      write(erase());
      drawn = [];
      process.off('exit', restore);
      restore();
    },
  };
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index]);
}

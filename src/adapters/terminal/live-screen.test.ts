import { describe, expect, it } from 'vitest';
import { liveScreen } from './live-screen.ts';

/** A terminal as far as the screen uses one: lines, and a cursor that moves up and clears. */
function terminal() {
  let lines: string[] = [''];
  let cursor = true;
  let writes = 0;
  const write = (text: string): void => {
    writes += 1;
    for (const part of text.split(/(\u001b\[\?25[lh]|\u001b\[\d+A|\u001b\[J|\r|\n)/)) {
      const up = /^\u001b\[(\d+)A$/.exec(part);
      if (part === '\u001b[?25l') cursor = false;
      else if (part === '\u001b[?25h') cursor = true;
      else if (up) lines = lines.slice(0, lines.length - Number(up[1]));
      else if (part === '\n') lines.push('');
      else if (part !== '' && part !== '\r' && part !== '\u001b[J') lines[lines.length - 1] = part;
      else if (part === '\u001b[J') lines[lines.length - 1] = '';
    }
  };
  return { write, shown: () => lines.slice(0, -1), hasCursor: () => cursor, writes: () => writes };
}

describe('the live screen', () => {
  it('draws in place, whether the view grows or shrinks', () => {
    const there = terminal();
    const screen = liveScreen(there.write);
    screen.draw(['a', 'b']);
    expect(there.shown()).toEqual(['a', 'b']);
    screen.draw(['c', 'd', 'e']);
    expect(there.shown()).toEqual(['c', 'd', 'e']);
    screen.draw(['f']);
    expect(there.shown()).toEqual(['f']);
    screen.close();
  });

  it('scrolls lines away above the view', () => {
    const there = terminal();
    const screen = liveScreen(there.write);
    screen.draw(['view']);
    screen.above('first');
    screen.above('second');
    expect(there.shown()).toEqual(['first', 'second', 'view']);
    screen.draw(['newer view']);
    expect(there.shown()).toEqual(['first', 'second', 'newer view']);
    screen.close();
    expect(there.shown()).toEqual(['first', 'second']);
  });

  it('writes nothing when nothing changed', () => {
    const there = terminal();
    const screen = liveScreen(there.write);
    screen.draw(['a']);
    const before = there.writes();
    screen.draw(['a']);
    expect(there.writes()).toBe(before);
    screen.close();
  });

  it('hides the cursor while it draws and gives it back', () => {
    const there = terminal();
    const screen = liveScreen(there.write);
    expect(there.hasCursor()).toBe(true);
    screen.draw(['a']);
    expect(there.hasCursor()).toBe(false);
    screen.close();
    expect(there.hasCursor()).toBe(true);
    expect(there.shown()).toEqual([]);
  });

  it('gives the cursor back when the process ends without closing it', () => {
    const there = terminal();
    const before = process.listeners('exit');
    liveScreen(there.write).draw(['a']);
    const added = process.listeners('exit').filter((listener) => !before.includes(listener));
    expect(added).toHaveLength(1);
    added[0]?.(0);
    expect(there.hasCursor()).toBe(true);
    process.off('exit', added[0] as () => void);
  });

  it('leaves no listener behind', () => {
    const before = process.listenerCount('exit');
    const screen = liveScreen(() => undefined);
    screen.draw(['a']);
    screen.close();
    expect(process.listenerCount('exit')).toBe(before);
  });

  it('prints lines before anything is drawn', () => {
    const there = terminal();
    liveScreen(there.write).above('a line');
    expect(there.shown()).toEqual(['a line']);
  });
});

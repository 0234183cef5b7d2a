/** Takes bytes as they come and hands on whole lines. */
export interface LineSplitter {
  push(bytes: Buffer): void;
  /** Hands on what is left of a last line without an end. */
  end(): void;
}

const newline = 0x0a;

/**
 * Splits on `\n` only and decodes whole lines, so a character is never torn. Of a line longer than `maxBytes`
 * only the beginning is handed on: memory stays bounded whatever comes.
 */
export function lineSplitter(onLine: (line: string) => void, maxBytes = 16 * 1024 * 1024): LineSplitter {
  let parts: Buffer[] = [];
  let held = 0;

  function keep(bytes: Buffer): void {
    const room = maxBytes - held;
    if (room <= 0 || bytes.length === 0) return;
    // A copy: the caller reads the next bytes into the same buffer.
    parts.push(Buffer.from(bytes.subarray(0, room)));
    held += Math.min(room, bytes.length);
  }

  function flush(): void {
    const line = parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
    parts = [];
    held = 0;
    onLine(line.toString('utf8'));
  }

  return {
    push(bytes) {
      let from = 0;
      for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, from)) {
        keep(bytes.subarray(from, at));
        flush();
        from = at + 1;
      }
      keep(bytes.subarray(from));
    },
    end() {
      if (held > 0) flush();
    },
  };
}

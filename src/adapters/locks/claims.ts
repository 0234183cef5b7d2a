import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { ProcessMark } from './living-process.ts';
import { isProvedDead, processMarkSchema } from './living-process.ts';

const claimSchema = processMarkSchema.extend({
  /** For people. */
  holder: z.string(),
  /** True once its owner has the lock; before that it only may have. */
  holds: z.boolean(),
});
export type Claim = z.infer<typeof claimSchema>;

/**
 * Who wants, or has, one lock. Everybody writes a claim down before trying for the lock, so the owner's claim is
 * always there, whenever the owner dies.
 */
export class Claims {
  readonly #folder: string;
  readonly #prefix: string;
  readonly #here: ProcessMark;

  constructor(folder: string, name: string, here: ProcessMark) {
    this.#folder = folder;
    this.#prefix = `${name}.`;
    this.#here = here;
  }

  /** Answers the file to withdraw it by. */
  stake(holder: string): string {
    const file = path.join(this.#folder, `${this.#prefix}${randomUUID()}.claim`);
    write(file, { ...this.#here, holder, holds: false });
    return file;
  }

  /** Says that the claim now holds. Answers the file to withdraw it by. */
  confirm(file: string): string {
    const holds = file.replace(/\.claim$/, holdsEnding);
    renameSync(file, holds);
    return holds;
  }

  withdraw(file: string): void {
    rmSync(file, { force: true });
  }

  /** Claims of others that are not proved dead, holders first; those of the dead are cleared away. */
  others(mine: string): readonly Claim[] {
    const alive: Claim[] = [];
    for (const name of readdirSync(this.#folder)) {
      const file = path.join(this.#folder, name);
      if (!name.startsWith(this.#prefix) || !name.endsWith('.claim') || file === mine) continue;
      const claim = readClaim(file);
      if (claim === undefined) continue;
      if (isProvedDead(claim, this.#here)) this.withdraw(file);
      else alive.push(claim);
    }
    return alive.sort((a, b) => Number(b.holds) - Number(a.holds));
  }
}

/**
 * Clears away the claims of the dead on all locks: one whose lock was given back just before would stay until somebody
 * finds that lock taken. A lock that the dead still have is left to whoever wants it next.
 */
export function withdrawTheDead(folder: string, whoAmI: () => ProcessMark): void {
  const files = readdirSync(folder)
    .filter((name) => /\.claim(\.new)?$/.test(name))
    .map((name) => path.join(folder, name));
  if (files.length === 0) return;
  const here = whoAmI();
  for (const file of files) {
    const claim = readClaim(file);
    if (claim !== undefined && isProvedDead(claim, here)) rmSync(file, { force: true });
  }
}

/** A claim that has the lock is another name of the same file. */
const holdsEnding = '.holds.claim';

/** Moved into place, so that a claim is never seen half written. */
function write(file: string, claim: Claim): void {
  writeFileSync(`${file}.new`, JSON.stringify(claim), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Undefined: withdrawn meanwhile. What cannot be read (a power cut) counts as somebody alive, for a person to see. */
function readClaim(file: string): Claim | undefined {
  const text = textOf(file);
  if (text === undefined) return undefined;
  const parsed = claimSchema.safeParse(parseJson(text));
  if (parsed.success) return { ...parsed.data, holds: parsed.data.holds || file.endsWith(holdsEnding) };
  return { ...unreadable, holder: `an unreadable claim, ${file}` };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const unreadable = { pid: 0, started: '', host: '?', boot: '', namespace: '', holds: true };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

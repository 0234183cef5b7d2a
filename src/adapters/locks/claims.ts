import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
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
  async stake(holder: string): Promise<string> {
    const file = path.join(this.#folder, `${this.#prefix}${randomUUID()}.claim`);
    await this.#write(file, { ...this.#here, holder, holds: false });
    return file;
  }

  async confirm(file: string, holder: string): Promise<void> {
    await this.#write(file, { ...this.#here, holder, holds: true });
  }

  async withdraw(file: string): Promise<void> {
    await rm(file, { force: true });
  }

  /** Claims of others that are not proved dead, holders first; those of the dead are cleared away. */
  async others(mine: string): Promise<readonly Claim[]> {
    const alive: Claim[] = [];
    for (const name of await readdir(this.#folder)) {
      const file = path.join(this.#folder, name);
      if (!name.startsWith(this.#prefix) || !name.endsWith('.claim') || file === mine) continue;
      const claim = await readClaim(file);
      if (claim === undefined) continue;
      if (await isProvedDead(claim, this.#here)) await this.withdraw(file);
      else alive.push(claim);
    }
    return alive.sort((a, b) => Number(b.holds) - Number(a.holds));
  }

  /** Moved into place, so that a claim is never seen half written. */
  async #write(file: string, claim: Claim): Promise<void> {
    await writeFile(`${file}.new`, JSON.stringify(claim), { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
}

/** Undefined: withdrawn meanwhile. What cannot be read (a power cut) counts as somebody alive, for a person to see. */
async function readClaim(file: string): Promise<Claim | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = claimSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : { ...unreadable, holder: `an unreadable claim, ${file}` };
}

const unreadable = { pid: 0, started: '', host: '?', boot: '', namespace: '', holds: true };

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

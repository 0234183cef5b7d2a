/** Something that goes wrong on purpose. */
export interface Fault {
  method?: string | undefined;
  /** A pattern, or a path in which `*` stands for anything. Matched with and without /api/v3, and for git paths too. */
  path: RegExp | string;
  status?: number | undefined;
  headers?: Record<string, string> | undefined;
  body?: unknown;
  /** How often it happens; once when left out. */
  times?: number | 'always' | undefined;
  dropConnection?: boolean | undefined;
  /** What was asked is done first, and only its answer is lost: the caller cannot know. */
  afterwards?: boolean | undefined;
  /** Waits before the answer; without a status the true answer follows. */
  delayMs?: number | undefined;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The faults this request meets, each used up by one. */
  meet(method: string, path: string): Fault[];
}

export function createFaults(): Faults {
  let waiting: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      if (!ends(fault) && fault.delayMs === undefined)
        throw new Error('a fault needs a status, dropConnection or delayMs: otherwise nothing goes wrong');
      waiting.push({ fault, left: fault.times === 'always' ? Infinity : (fault.times ?? 1) });
    },
    clear() {
      waiting = [];
    },
    meet(method, path) {
      const met: Fault[] = [];
      for (const entry of waiting) {
        if (entry.left <= 0 || !fits(entry.fault, method, path)) continue;
        entry.left -= 1;
        met.push(entry.fault);
        if (ends(entry.fault)) break;
      }
      waiting = waiting.filter(({ left }) => left > 0);
      return met;
    },
  };
}

function ends(fault: Fault): boolean {
  return fault.status !== undefined || fault.dropConnection === true;
}

function fits(fault: Fault, method: string, path: string): boolean {
  if (fault.method !== undefined && fault.method.toUpperCase() !== method) return false;
  const pattern = fault.path instanceof RegExp ? fault.path : glob(fault.path);
  return [path, path.replace(/^\/api\/v3/, '')].some((each) => {
    pattern.lastIndex = 0;
    return pattern.test(each);
  });
}

function glob(text: string): RegExp {
  const source = text.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${source.join('.*')}$`);
}

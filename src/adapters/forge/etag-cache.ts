/** An answer that the forge will confirm with a 304 as long as it still holds. */
export interface CachedAnswer {
  readonly etag: string;
  readonly value: unknown;
}

/** The answers asked for last, at most so many. */
export interface EtagCache {
  get(key: string): CachedAnswer | undefined;
  set(key: string, answer: CachedAnswer): void;
}

export function etagCache(most: number): EtagCache {
  const answers = new Map<string, CachedAnswer>();
  return {
    get(key) {
      const answer = answers.get(key);
      if (!answer) return undefined;
      answers.delete(key);
      answers.set(key, answer);
      return answer;
    },
    set(key, answer) {
      answers.delete(key);
      answers.set(key, answer);
      const [oldest] = answers.keys();
      if (answers.size > most && oldest !== undefined) answers.delete(oldest);
    },
  };
}

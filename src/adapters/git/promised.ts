/**
 * Work on a few small files, done at once: a thread of the pool would take many times as long to be woken as the work
 * takes. What is thrown is a rejection, as everywhere else.
 */
export function promised<Value>(work: () => Value): Promise<Value> {
  return new Promise((resolve) => {
    resolve(work());
  });
}

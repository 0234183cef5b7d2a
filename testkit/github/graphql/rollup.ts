/** The state of a rollup: any failure fails it, anything unfinished keeps it pending. */
export function worst(states: readonly string[]): 'ERROR' | 'FAILURE' | 'PENDING' | 'SUCCESS' {
  const bad = ['FAILURE', 'TIMED_OUT', 'CANCELLED', 'ACTION_REQUIRED', 'STARTUP_FAILURE'];
  const good = ['SUCCESS', 'NEUTRAL', 'SKIPPED'];
  if (states.some((state) => bad.includes(state))) return 'FAILURE';
  if (states.includes('ERROR')) return 'ERROR';
  return states.every((state) => good.includes(state)) ? 'SUCCESS' : 'PENDING';
}

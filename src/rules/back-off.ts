import { hours, minutes } from '../domain/time.ts';

/** How long a repository rests after so many failed visits in a row: 10 minutes, doubled each time, a day at most. */
export function backOff(failures: number): number {
  return failures <= 0 ? 0 : Math.min(hours(24), minutes(10) * 2 ** (failures - 1));
}

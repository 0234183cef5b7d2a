import { expect, it } from 'vitest';

import { type WatchdogOptions, watchdog } from './watchdog.ts';

type Limits = Omit<WatchdogOptions, 'cpuMs'>;
type Happening = 'output' | 'busy' | 'idle';

/** Lets ten steps of a second pass, with what happens in each, and says when and how it ended. */
function after(limits: Limits, happenings: readonly (Happening | undefined)[]): string {
  let cpu = 0;
  const dog = watchdog({ ...limits, cpuMs: () => cpu }, 0);
  for (let step = 1; step <= 40; step += 1) {
    const now = step * 250;
    const happening = happenings[Math.floor((step - 1) / 4)];
    if (happening === 'output') dog.heard(now);
    if (happening === 'busy') cpu += 100;
    const verdict = dog.check(now);
    if (verdict !== 'fine') return `${verdict} at ${now / 1000} s`;
  }
  return 'fine';
}

const always = <Value>(value: Value): Value[] => Array.from({ length: 10 }, () => value);

it.each<[when: string, limits: Limits, happenings: (Happening | undefined)[], end: string]>([
  ['there is output all the time', { totalMs: 60_000, silenceMs: 2000 }, always('output'), 'fine'],
  ['its time is up, output or not', { totalMs: 5000, silenceMs: 2000 }, always('output'), 'timeout at 5 s'],
  ['silence is not watched', { totalMs: 60_000 }, always(undefined), 'fine'],
  ['it is silent', { totalMs: 60_000, silenceMs: 2000 }, always(undefined), 'silent at 2 s'],
  ['it falls silent', { totalMs: 60_000, silenceMs: 2000 }, ['output', 'output'], 'silent at 4 s'],
  [
    'it is silent and busy, with nothing open',
    { totalMs: 60_000, silenceMs: 2000 },
    always('busy'),
    'silent at 2 s',
  ],
  ['a command is open and busy', { ...open(60_000), silenceMs: 2000 }, always('busy'), 'fine'],
  ['a command is open and idle', { ...open(60_000), silenceMs: 2000 }, always('idle'), 'silent at 2 s'],
  [
    'a command was busy, then idle',
    { ...open(60_000), silenceMs: 2000 },
    ['busy', 'busy', 'busy', 'busy'],
    'silent at 6.25 s',
  ],
  ['a command is busy for too long', { ...open(6000), silenceMs: 2000 }, always('busy'), 'silent at 6 s'],
  [
    'a command may be silent less than a model',
    { ...open(500), silenceMs: 2000 },
    always('busy'),
    'silent at 2 s',
  ],
  [
    'a command breathes only',
    { ...open(60_000), silenceMs: 2000 },
    ['busy', 'idle', 'idle', 'idle'],
    'silent at 3.25 s',
  ],
])('judges rightly when %s', (_when, limits, happenings, end) => {
  expect(after(limits, happenings)).toBe(end);
});

function open(allowance: number): Limits {
  return { totalMs: 60_000, quietAllowance: () => allowance };
}

it('takes falling CPU time, as when a child is gone, for no work', () => {
  const used = [5000, 10, 11];
  const dog = watchdog(
    { totalMs: 60_000, silenceMs: 1000, quietAllowance: () => 60_000, cpuMs: () => used.shift() ?? 0 },
    0,
  );
  expect([250, 500, 1000].map((now) => dog.check(now))).toEqual(['fine', 'fine', 'silent']);
});

it('looks at the CPU time now and then, not each time', () => {
  let looks = 0;
  const cpuMs = (): number => (looks += 1);
  const dog = watchdog({ totalMs: 600_000, silenceMs: 80_000, quietAllowance: () => 300_000, cpuMs }, 0);
  for (let step = 0; step < 400; step += 1) dog.check(step * 100);
  expect(looks).toBe(4);
});

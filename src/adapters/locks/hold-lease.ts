import { appendFile, mkdir, rmdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileLeases } from './file-leases.ts';

/*
 * For tests, a process of its own: `hold-lease.ts FOLDER KEY` takes the lease and keeps it; with `INSIDE LOG` it takes
 * it ten times, and each time makes the folder INSIDE, which fails when somebody else is inside.
 */
const [folder = '', key = '', inside, log] = process.argv.slice(2);
const fences = { next: () => Promise.resolve(1), highest: () => Promise.resolve(1) };
const leases = fileLeases({ folder, fences });

for (let turn = 0; turn < (inside === undefined ? 1 : 10); turn += 1) {
  let taken = await leases.acquire(key, 'a child');
  while (!taken.ok) {
    await sleep(2);
    taken = await leases.acquire(key, 'a child');
  }
  if (inside === undefined || log === undefined) {
    process.stdout.write('held\n');
    await new Promise((resolve) => process.stdin.on('end', resolve).resume());
  } else {
    await mkdir(inside);
    await appendFile(log, `${process.pid}\n`);
    await rmdir(inside);
  }
  await taken.value[Symbol.asyncDispose]();
}

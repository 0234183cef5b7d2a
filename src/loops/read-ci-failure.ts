import type { CiFailure, CiJob, CiRun } from '../domain/ci.ts';
import type { Forge, Slug } from '../ports/forge.ts';
import { failingJobs, failingStep } from '../rules/ci/classify-failure.ts';
import { collectLog } from '../rules/ci/collect-log.ts';
import type { RedRun } from '../rules/ci/failure-signature.ts';
import { redactLines } from '../rules/redact.ts';
import { sanitise } from '../rules/untrusted.ts';

const mostJobs = 3;
const mostBytesOfAll = 64 * 1024;
const mostLogBytes = 512 * 1024 * 1024;

/**
 * Reads the logs of the jobs that failed, at most three, as windows that are redacted, bounded and sanitised.
 * Undefined: we were told to stop.
 */
export async function readCiFailure(
  world: { forge: Pick<Forge, 'log'>; redact: (text: string) => string },
  { slug, red, mostBytes = mostBytesOfAll }: { slug: Slug; red: readonly RedRun[]; mostBytes?: number },
  stop: AbortSignal,
): Promise<readonly CiFailure[] | undefined> {
  const chosen = chooseJobs(red);
  const maxBytes = Math.floor(mostBytes / Math.max(1, chosen.length));
  const failures: CiFailure[] = [];
  for (const { run, job } of chosen) {
    if (stop.aborted) return undefined;
    const excerpt =
      job.id === 0
        ? 'The workflow did not start. Its file is not valid, or a job in it asks for something that is not there.'
        : await excerptOf(world, { slug, job, maxBytes }, stop);
    failures.push({ run, job, step: failingStep(job), excerpt });
  }
  return stop.aborted ? undefined : failures;
}

/** One job of each name before a second cell of the same matrix. */
function chooseJobs(red: readonly RedRun[]): readonly { run: CiRun; job: CiJob }[] {
  const all = red.flatMap(({ run, jobs }) => {
    const failed = failingJobs(jobs);
    return (failed.length > 0 ? failed : [theRunItself(run)]).map((job) => ({ run, job }));
  });
  const names = new Set<string>();
  const first = all.filter(({ run, job }) => {
    const name = `${run.path} ${job.name.replace(/ \(.*\)$/, '')}`;
    return !names.has(name) && names.add(name);
  });
  return [...new Set([...first, ...all])].slice(0, mostJobs);
}

function theRunItself(run: CiRun): CiJob {
  const { id: runId, status, conclusion, url } = run;
  return {
    id: 0,
    runId,
    name: '(the workflow itself)',
    status,
    conclusion,
    steps: [],
    runnerName: null,
    url,
  };
}

/** Hidden characters can split a secret in two, so it is looked for before and after they are taken out. */
async function excerptOf(
  world: { forge: Pick<Forge, 'log'>; redact: (text: string) => string },
  { slug, job, maxBytes }: { slug: Slug; job: CiJob; maxBytes: number },
  stop: AbortSignal,
): Promise<string> {
  const log = await world.forge.log(slug, job.id);
  if (!log.ok) return `(no log: ${log.failure.message})`;
  const collector = collectLog({ maxBytes });
  const redacting = redactLines(world.redact);
  let read = 0;
  for await (const chunk of log.value) {
    collector.push(redacting.push(chunk));
    read += chunk.length;
    if (read > mostLogBytes || stop.aborted) break;
  }
  collector.push(redacting.finish());
  return world.redact(sanitise(collector.finish(), { maxChars: maxBytes }));
}

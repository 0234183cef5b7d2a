import { moved, notFound, problem, type Reply } from '../http/reply.ts';
import { type Call, type Route, repoRoute } from '../http/route.ts';
import type { Attempt, Job, Run } from '../model.ts';
import { newest } from '../runs/schedule.ts';
import { zip } from '../runs/zip.ts';
import { numberParam } from './fields.ts';
import { findJob, runInPath } from './find-runs.ts';

export const logRoutes: readonly Route[] = [
  repoRoute('GET', '/actions/jobs/{job_id}/logs', 'read', (repo, call) => {
    const hit = findJob(repo, numberParam(call, 'job_id'));
    if (hit === undefined) return notFound();
    if (hit.attempt.logsExpired) return gone();
    return linkTo(call, () => textOf(hit.job), 'text/plain; charset=utf-8');
  }),
  repoRoute('GET', '/actions/runs/{run_id}/logs', 'read', (repo, call) => {
    const run = runInPath(repo, call);
    return run === undefined ? notFound() : zipped(call, run, newest(run));
  }),
  repoRoute('GET', '/actions/runs/{run_id}/attempts/{attempt_number}/logs', 'read', (repo, call) => {
    const run = runInPath(repo, call);
    const number = numberParam(call, 'attempt_number');
    const attempt = run?.attempts.find((each) => each.number === number);
    return run === undefined || attempt === undefined ? notFound() : zipped(call, run, attempt);
  }),
  repoRoute('DELETE', '/actions/runs/{run_id}/logs', 'write', (repo, call) => {
    const run = runInPath(repo, call);
    if (run === undefined) return notFound();
    for (const attempt of run.attempts) attempt.logsExpired = true;
    return { status: 204 };
  }),
];

function zipped(call: Call, run: Run, attempt: Attempt): Reply {
  if (attempt.logsExpired) return gone();
  const content = (): Buffer | null => {
    if (attempt.status !== 'completed') return null;
    const files = attempt.jobs.flatMap((job, index) => {
      const text = textOf(job);
      const name = `${String(index)}_${job.name.replace(/[\\/:*?"<>|]/g, '')}.txt`;
      return text === null ? [] : [{ name, bytes: Buffer.from(text) }];
    });
    return files.length === 0 ? null : zip(files);
  };
  return linkTo(call, content, 'application/zip');
}

/** The log of a finished job, with the byte order mark GitHub puts first. */
function textOf(job: Job): string | null {
  if (job.status !== 'completed' || job.log === null) return null;
  return `\uFEFF${job.log.join('\n')}\n`;
}

function linkTo(call: Call, content: () => string | Buffer | null, type: string): Reply {
  return moved(302, `${call.world.site.url}${call.world.blobs.link(content, type)}`);
}

function gone(): Reply {
  return problem(410, 'Server Error: Sorry, the logs for this run have expired and are no longer available.');
}

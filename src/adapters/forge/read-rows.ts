import type { CiJob, CiRun, CiStep } from '../../domain/ci.ts';

/** GitHub's answers, read leniently: what is missing or of another type leaves the row out, or the field empty. */
export function readRuns(data: unknown): readonly CiRun[] {
  return rowsOf(data, 'workflow_runs').filter(isOfItsOwnRepository).flatMap(readRun);
}

export function readJobs(data: unknown): readonly CiJob[] {
  return rowsOf(data, 'jobs').flatMap(readJob);
}

export type Row = Readonly<Record<string, unknown>>;

export function rowsOf(data: unknown, name: string): readonly Row[] {
  const rows = asRow(data)?.[name];
  return Array.isArray(rows) ? rows.map(asRow).filter((row) => row !== undefined) : [];
}

export function asRow(value: unknown): Row | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asNumber(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;
}

function asMoment(value: unknown): number {
  const at = Date.parse(asText(value));
  return Number.isFinite(at) ? at : 0;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** A fork can hold a commit of ours and run on it whatever it likes. */
function isOfItsOwnRepository(row: Row): boolean {
  const head = asRow(row['head_repository'])?.['id'];
  const base = asRow(row['repository'])?.['id'];
  return head === undefined || base === undefined || head === base;
}

function readRun(row: Row): CiRun[] {
  const id = asNumber(row['id']);
  const sha = asText(row['head_sha']);
  if (id === 0 || sha === '') return [];
  const path = asText(row['path']);
  return [
    {
      id,
      workflowId: asNumber(row['workflow_id']),
      workflow: asText(row['name']) || path,
      path: path.replace(/@.*$/, ''),
      event: asText(row['event']),
      branch: asText(row['head_branch']),
      sha,
      status: asText(row['status']),
      conclusion: textOrNull(row['conclusion']),
      attempt: asNumber(row['run_attempt']) || 1,
      number: asNumber(row['run_number']),
      url: asText(row['html_url']),
      createdAt: asMoment(row['created_at']),
      updatedAt: asMoment(row['updated_at']),
    },
  ];
}

function readJob(row: Row): CiJob[] {
  const id = asNumber(row['id']);
  if (id === 0) return [];
  return [
    {
      id,
      runId: asNumber(row['run_id']),
      name: asText(row['name']),
      status: asText(row['status']),
      conclusion: textOrNull(row['conclusion']),
      steps: rowsOf(row, 'steps').map(readStep),
      runnerName: textOrNull(row['runner_name']),
      url: asText(row['html_url']),
    },
  ];
}

function readStep(row: Row): CiStep {
  return {
    number: asNumber(row['number']),
    name: asText(row['name']),
    conclusion: textOrNull(row['conclusion']),
  };
}

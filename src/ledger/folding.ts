import type { LedgerEvent } from '../domain/fact.ts';
import type { Folding } from '../ports/event-log.ts';
import { agentFold } from './folds/agent.ts';
import { commitFold } from './folds/commit.ts';
import type { Fold } from './folds/fold.ts';
import { ideaFold } from './folds/idea.ts';
import { forgeRepositoryFold, issueFold, issueReadersFold } from './folds/issues.ts';
import { leaseFold } from './folds/lease.ts';
import { memoryFold } from './folds/memory.ts';
import { operatorTaskFold } from './folds/operator-task.ts';
import { repoFold } from './folds/repo.ts';
import { runFold } from './folds/run.ts';
import { sessionFold } from './folds/session.ts';
import { signaturesFold, watchFold } from './folds/watch.ts';

const folds: Readonly<Record<string, Fold<unknown>>> = {
  run: widened(runFold),
  session: widened(sessionFold),
  repo: widened(repoFold),
  watch: widened(watchFold),
  signatures: widened(signaturesFold),
  agent: widened(agentFold),
  lease: widened(leaseFold),
  commit: widened(commitFold),
  'operator-task': widened(operatorTaskFold),
  memory: widened(memoryFold),
  idea: widened(ideaFold),
  issue: widened(issueFold),
  'forge-repository': widened(forgeRepositoryFold),
  'issue-readers': widened(issueReadersFold),
};

/** All views of the ledger, as the event log needs them. */
export const folding: Folding = {
  touches: (event) =>
    Object.entries(folds).flatMap(([kind, fold]) => fold.touches(event).map((key) => ({ kind, key }))),
  fold: ({ kind, key }, doc, event: LedgerEvent) => foldOf(kind).fold(doc, event, key),
  columns: (kind, doc) => foldOf(kind).columns(doc),
};

function foldOf(kind: string): Fold<unknown> {
  const fold = folds[kind];
  if (fold === undefined) throw new Error(`There is no view called ${kind}.`);
  return fold;
}

/** The log keeps documents without looking into them; what comes back is what the same fold put there. */
function widened<View>(fold: Fold<View>): Fold<unknown> {
  return {
    touches: fold.touches.bind(fold),
    fold: (view, event, key) => fold.fold(view as View | undefined, event, key),
    columns: (view) => fold.columns(view as View),
  };
}

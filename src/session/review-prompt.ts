import type { Sha } from '../domain/repo.ts';
import { failed, ok, type Result } from '../domain/result.ts';
import type { SessionView } from '../ledger/views.ts';
import type { GitFailure, Mirror } from '../ports/mirrors.ts';
import { contractLines } from '../rules/memory/contract-text.ts';
import type { PromptValues } from '../rules/prompt/compose-prompt.ts';
import type { Part } from '../rules/prompt/segment.ts';
import { boundDiff } from '../rules/review/bound-diff.ts';
import { evidenceLines } from '../rules/review/tell-evidence.ts';
import { workLines } from '../rules/review/tell-work.ts';
import { fenced, spellHidden } from '../rules/untrusted.ts';
import type { PromptOrder } from './prompt.ts';
import type { SessionWorld } from './visit.ts';

/** What is looked at: the commits `from..tip`, whose files are in the workspace. */
export interface Reviewed {
  readonly from: Sha;
  readonly tip: Sha;
  /** What it is about, where that is not the tasks of the session. */
  readonly about?: string | undefined;
}

/** Read from git at most; what is more is named and looked up in the workspace. */
const diffBytes = 2 * 1024 * 1024;
const diffChars = 48_000;

/** What a review turn is told: the contract, what was asked and claimed, what we saw, and the change itself as data. */
export async function reviewOrder(
  world: Pick<SessionWorld, 'randomId'>,
  mirror: Pick<Mirror, 'change' | 'diff'>,
  { from, tip, tree, about }: Reviewed & { readonly tree: string },
  session: Pick<SessionView, 'tasks' | 'evidence'> | undefined,
): Promise<Result<PromptOrder, GitFailure>> {
  const change = await mirror.change(from, tip);
  if (!change.ok) return change;
  const diff = await mirror.diff(from, tip, diffBytes);
  if (!diff.ok) return failed(diff.failure);
  const bounded = boundDiff(spellHidden(diff.value), change.value.files, diffChars);
  const data = { source: 'the change', nonce: world.randomId(8) };
  const done = (session?.tasks ?? []).filter(({ state }) => state === 'done');
  return ok(
    orderOf({
      work: [{ ...claimed, text: about ?? workLines(done) }],
      // What was taken out again was seen too, on other trees.
      evidence: evidenceLines((session?.evidence ?? []).filter((seen) => seen.tree === tree)),
      diff: [
        {
          source: 'the change',
          trust: 'untrusted',
          isFenced: true,
          lead: leadOf(from, bounded.leftOut.length),
          text: fenced(bounded.text, data),
        },
      ],
    }),
  );
}

/** The same before there is a session: lines stand for what is not known yet. */
export function reviewPreview(): PromptOrder {
  const unknown = (what: string): string => `(${what})`;
  return orderOf({
    work: [
      { ...claimed, text: unknown('the tasks of the session, with the claims of its agent as `proxy`') },
    ],
    evidence: unknown('our checks, with their exit codes'),
    diff: unknown('the diff of the session as data; files that do not fit are named'),
  });
}

function orderOf(values: PromptValues): PromptOrder {
  return { template: 'review', values: { contract: contract(), ...values } };
}

const claimed: Omit<Part, 'text'> = {
  source: 'the author of the change',
  trust: 'untrusted',
  lead: 'What was asked of the author, and what the author says of it. A claim is `proxy`: nobody but the author saw it.',
};

function leadOf(from: Sha, leftOut: number): string {
  const lead = `The change as a diff against ${from}; characters that a reader does not see are spelled out as \\u{…}.`;
  if (leftOut === 0) return lead;
  const files = leftOut === 1 ? 'One file is' : `${leftOut} files are`;
  return `${lead} ${files} left out for their size and named at its end: read them in the workspace, they are part of the change (\`git diff ${from} -- FILE\`).`;
}

/** The rules of our part of AGENTS.md: what everybody who works in a repository is held to. */
function contract(): readonly Part[] {
  const rules = contractLines.slice(contractLines.indexOf('### Core Rules'), -1).join('\n').trim();
  const lead =
    'The contract that the author works under; AGENTS.md, where there is one, says what else holds here:';
  return [{ source: 'built-in contract', trust: 'trusted', lead, text: rules.replaceAll(/^### /gm, '') }];
}

import type { LedgerEvent } from '../../domain/fact.ts';
import type { ForgeRepositoryView, IssueReadersView, IssueView } from '../views.ts';
import { type Fold, missing } from './fold.ts';

/** What is known of an issue: its last judgement, and whether it is done. Never its words. */
export const issueFold: Fold<IssueView> = {
  touches: (event) => (isOfIssue(event) ? [`${event.repo ?? missing(event, 'a repo')}#${event.number}`] : []),
  fold(view, event) {
    if (!isOfIssue(event)) return view;
    const repo = event.repo ?? missing(event, 'a repo');
    const { number, at } = event;
    const before: IssueView = view ?? { ...blank, repo, number, judgedAt: at };
    switch (event.type) {
      case 'issue-accepted': {
        const { row, snapshot, content, hidden } = event;
        const id = event.author;
        return {
          ...before,
          state: 'accepted',
          reason: undefined,
          id,
          row,
          snapshot,
          content,
          hidden,
          judgedAt: at,
        };
      }
      case 'issue-refused': {
        // Without a row it was refused for one visit only: the judgement of the issue stands.
        const stands = event.row === undefined && view !== undefined;
        if (stands) return { ...before, lastRefused: { reason: event.reason, id: event.id, at } };
        const { reason, id, row } = event;
        return { ...before, state: 'refused', reason, id, row, snapshot: '', content: '', judgedAt: at };
      }
      case 'issue-gone':
        return { ...before, state: 'gone', row: undefined, judgedAt: at };
      case 'issue-offered':
        return {
          ...before,
          lastRefused: undefined,
          offered: { session: event.session ?? missing(event, 'a session'), content: event.content },
        };
      case 'issue-answered': {
        const session = event.session ?? missing(event, 'a session');
        const content = before.offered?.session === session ? before.offered.content : before.content;
        return { ...before, done: { commit: event.commit, session, content, at } };
      }
    }
  },
  columns: (view) => ({ repo: view.repo, state: view.state }),
};

const blank = {
  state: 'refused',
  reason: undefined,
  id: undefined,
  row: undefined,
  snapshot: '',
  content: '',
  hidden: false,
  lastRefused: undefined,
  offered: undefined,
  done: undefined,
} as const;

type IssueEvent = Extract<
  LedgerEvent,
  { type: 'issue-accepted' | 'issue-refused' | 'issue-gone' | 'issue-offered' | 'issue-answered' }
>;

const issueEvents: ReadonlySet<string> = new Set<IssueEvent['type']>([
  'issue-accepted',
  'issue-refused',
  'issue-gone',
  'issue-offered',
  'issue-answered',
]);

function isOfIssue(event: LedgerEvent): event is IssueEvent {
  return issueEvents.has(event.type);
}

/** Which repository of the forge an entry of the portfolio is; its key is `repo slug`. */
export const forgeRepositoryFold: Fold<ForgeRepositoryView> = {
  touches: (event) =>
    event.type === 'forge-repository-known'
      ? [`${event.repo ?? missing(event, 'a repo')} ${event.slug}`]
      : [],
  fold(view, event) {
    if (event.type !== 'forge-repository-known') return view;
    const repo = event.repo ?? missing(event, 'a repo');
    // The first number stays: whoever takes the name over later is not who we know.
    return { repo, slug: event.slug, id: view?.id ?? event.id, askedAt: event.at };
  },
  columns: (view) => ({ repo: view.repo }),
};

/** Whose issues are read, as of the last cycle. */
export const issueReadersFold: Fold<IssueReadersView> = {
  touches: (event) => (event.type === 'issue-readers-known' ? ['readers'] : []),
  fold: (view, event) =>
    event.type === 'issue-readers-known' ? { owner: event.owner, bots: event.bots, apps: event.apps } : view,
  columns: () => ({}),
};

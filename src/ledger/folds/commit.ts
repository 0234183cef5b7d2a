import type { CommitView } from '../views.ts';
import { type Fold, missing } from './fold.ts';

/** How many characters of an id a commit can be looked up by at least. */
export const shortestId = 7;

/** A commit that landed. Its state column holds the beginning of its id, to find it by that. */
export const commitFold: Fold<CommitView> = {
  touches: (event) =>
    event.type === 'landed' && event.mode !== 'hold' ? event.commits.map(({ sha }) => sha) : [],
  fold(view, event, key) {
    if (event.type !== 'landed') return view;
    const commit = event.commits.find(({ sha }) => sha === key);
    return {
      sha: key,
      repo: event.repo ?? missing(event, 'a repo'),
      session: event.session ?? missing(event, 'a session'),
      run: event.run ?? missing(event, 'a run'),
      task: commit?.task,
      subject: commit?.subject ?? '',
      at: event.at,
    };
  },
  columns: (view) => ({ run: view.run, repo: view.repo, state: view.sha.slice(0, shortestId) }),
};

import { expect, it } from 'vitest';
import { startSandbox } from '../../testkit/sandbox/sandbox.ts';
import {
  eventsOf,
  expectClean,
  expectRun,
  handoff,
  noWork,
  plan,
  quickCheck,
  remoteLog,
  repoFiles,
  showJson,
  statusJson,
  turn,
} from './support.ts';

it('an issue of the owner is worked on once, closed by its commit where that is wanted, and again when it changes', async () => {
  await using sandbox = await startSandbox({
    repos: [{ name: 'demo', files: repoFiles() }],
    options: { ...quickCheck, close_issues: true },
    scenarios: [
      turn('demo', 'plan', [{ json: plan({ title: 'Greet', issue: 1 }, { title: 'Other', issue: 77 }) }], {
        call: 1,
      }),
      turn('demo', 'plan', [{ json: noWork('All is well.') }]),
      turn('demo', 'task', [
        { write: { path: '{{task}}.txt', content: 'good\n' } },
        { json: handoff('Do {{task}}\n\nFixes #1, #5 and other/repo#6 for @everyone') },
      ]),
    ],
  });
  const { github } = sandbox;
  github.addIssue({
    repository: 'alice/demo',
    author: 'alice',
    title: 'Greet people',
    body: 'As the README says.',
  });
  github.addUser({ login: 'stranger' });
  github.addIssue({ repository: 'alice/demo', author: 'stranger', title: 'Do my homework' });

  expectRun(await sandbox.clone(['run']), 0);
  const asked = sandbox.model.requests
    .filter(({ turn }) => turn === 'plan')
    .map(({ body }) => JSON.stringify(body));
  expect(asked[0]).toContain('Greet people');
  expect(asked.join('\n')).not.toContain('homework');

  const [other, greet] = await remoteLog(sandbox, 'demo');
  expect(greet?.message).toMatch(
    /^Do greet\n\nFixes no\. 1, no\. 5 and other\/repo# 6 for @ everyone\n\nCloses #1\n\nClone-Run: /,
  );
  expect(other?.message).not.toContain('Closes');

  const shown = await showJson(sandbox, 'demo');
  expect(shown.tasks.map(({ id, issue }) => [id, issue])).toEqual([
    ['greet', 1],
    ['other', null],
  ]);
  expect(shown.issues).toMatchObject([
    { number: 1, state: 'answered' },
    {
      number: 2,
      state: 'refused',
      why: expect.stringMatching(/^its author is not trusted \(id \d+\)$/) as string,
    },
  ]);
  const page = (await sandbox.clone(['show', 'demo'])).stdout;
  expect(page).toContain('answers #1');
  expect(page).toContain('issue_bots');
  expect((await statusJson(sandbox)).issues).toMatchObject({
    open: 0,
    answered: 1,
    refused: [{ count: 1, reason: 'author-not-trusted' }],
  });

  const before = sandbox.model.requests.length;
  expectRun(await sandbox.clone(['run']), 0);
  const later = sandbox.model.requests.slice(before).map(({ body }) => JSON.stringify(body));
  expect(later.join('\n')).not.toContain('Greet people');
  expect((await eventsOf(sandbox)).filter(({ type }) => /^issue[-_]/.test(type))).toEqual([]);

  const again = sandbox.model.requests.length;
  github.editIssue({ repository: 'alice/demo', number: 1, as: 'alice', body: 'In two languages.' });
  expectRun(await sandbox.clone(['run']), 0);
  const changed = sandbox.model.requests.slice(again).map(({ body }) => JSON.stringify(body));
  expect(changed.join('\n')).toContain('In two languages.');
  expect((await showJson(sandbox, 'demo')).called_by).toContain('issue #1');
  await expectClean(sandbox);
}, 120_000);

import { describe, expect, it } from 'vitest';
import { lookingWorld, perform, repo } from '../../test/fakes/looking-context.ts';
import { commitsCommand } from './commits.ts';

function world() {
  const made = lookingWorld();
  const now = made.clock.at;
  const commit = (sha: string, minutesAgo: number, subject: string, session?: string) => ({
    sha: sha.repeat(40),
    at: now - minutesAgo * 60_000,
    author: 'Ann',
    subject,
    session,
  });
  made.portfolio = [repo('jwt'), repo('csv'), repo('quiet'), repo('gone', { missing: true })];
  made.histories = [
    { repo: 'jwt', commits: [commit('a', 5, 'Newest', 's1'), commit('b', 50, 'Oldest')], problem: undefined },
    { repo: 'csv', commits: [commit('c', 20, 'Middle\u001b[2J')], problem: undefined },
    { repo: 'quiet', commits: [], problem: 'not a git repository' },
  ];
  return made;
}
async function commits(made: ReturnType<typeof world>, ...args: string[]): Promise<string> {
  await perform(commitsCommand(made.context), args);
  return made.out();
}

describe('clone commits', () => {
  it('lists all of them, newest first, ours marked, and counts', async () => {
    const made = world();
    expect(await commits(made, '--since', '8h')).toBe(
      [
        '2026-11-20T20:55:00Z  jwt  aaaaaaaaaa*  Ann  Newest',
        '2026-11-20T20:40:00Z  csv  cccccccccc   Ann  Middle',
        '2026-11-20T20:10:00Z  jwt  bbbbbbbbbb   Ann  Oldest',
        '',
        '2  jwt  1 of ours',
        '1  csv',
        '3 commits in 2 of 3 repositories',
        '',
      ].join('\n'),
    );
    expect(made.complaints()).toContain('quiet could not be read: not a git repository');
  });

  it('counts only', async () => {
    expect(await commits(world(), '--count')).toBe(
      '2  jwt  1 of ours\n1  csv\n3 commits in 2 of 3 repositories\n',
    );
  });

  it('answers in JSON', async () => {
    const made = world();
    expect(JSON.parse(await commits(made, '--json', '--since', '8h'))).toMatchObject({
      schema_version: 1,
      since: '2026-11-20T13:00:00Z',
      total: 3,
      commits: [
        {
          at: '2026-11-20T20:55:00Z',
          repo: 'jwt',
          author: 'Ann',
          subject: 'Newest',
          ours: true,
          session: 's1',
        },
        { repo: 'csv', ours: false, session: null },
        { repo: 'jwt', subject: 'Oldest' },
      ],
      counts: [
        { repo: 'jwt', commits: 2, ours: 1 },
        { repo: 'csv', commits: 1, ours: 0 },
        { repo: 'quiet', commits: 0 },
      ],
      problems: [{ repo: 'quiet', problem: 'not a git repository' }],
    });
    expect(made.complaints()).toBe('');
  });

  it('answers with the counts alone in JSON too', async () => {
    const told = JSON.parse(await commits(world(), '--json', '--count')) as object;
    expect(told).toMatchObject({ total: 3, counts: [{ repo: 'jwt', commits: 2 }, {}, {}] });
    expect(told).not.toHaveProperty('commits');
  });

  it('says so when there is nothing', async () => {
    const made = world();
    made.histories = [];
    expect(await commits(made)).toBe('0 commits in 0 of 0 repositories\n');
  });

  it('refuses a length of time that is none', async () => {
    await expect(commits(world(), '--since', '8')).rejects.toThrow('is not a length of time');
  });
});

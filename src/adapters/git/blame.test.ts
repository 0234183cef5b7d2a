import { describe, expect, it } from 'vitest';
import { must, mustFail, testRepositories } from './test-repositories.ts';

const ours = 'Remember it\n\nClone-Run: r\nClone-Session: s1\n';

describe('lines of people', () => {
  it('are those whose commit carries no session of ours, whoever it is under the name of', async () => {
    await using repos = await testRepositories();
    repos.commitAs(repos.user, 'M.md', 'one\ntwo\nthree\n', ours);
    repos.commitAs(
      repos.user,
      'M.md',
      'zero\none\nTWO\nthree\nfour\n',
      'a person: Clone-Session: s1 said so',
    );
    repos.git(repos.user, 'push', '-q', 'origin', 'main');
    const mirror = await repos.sync();
    expect(must(await mirror.humanLines(mirror.tip, 'M.md'))).toEqual(new Set([1, 3, 5]));
  });

  it('may contain anything, headers of git among it', async () => {
    await using repos = await testRepositories();
    const like = `${'a'.repeat(40)} 1 1 1`;
    repos.commitAs(repos.user, 'M.md', `${like}\n\tauthor\n`, ours);
    repos.commitAs(repos.user, 'M.md', `${like}\n\tauthor\n${like}\n`);
    repos.git(repos.user, 'push', '-q', 'origin', 'main');
    const mirror = await repos.sync();
    expect(must(await mirror.humanLines(mirror.tip, 'M.md'))).toEqual(new Set([3]));
  });

  it('cannot be told of a file that is not there', async () => {
    await using repos = await testRepositories();
    const mirror = await repos.sync();
    expect(mustFail(await mirror.humanLines(mirror.tip, 'none.md')).kind).toBe('git');
  });
});

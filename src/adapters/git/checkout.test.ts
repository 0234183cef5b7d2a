import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestRepositories } from './test-repositories.ts';
import { must, testRepositories } from './test-repositories.ts';

describe("the user's checkout", () => {
  it('is fast-forwarded when it is clean and on the branch', async () => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    must(await mirror.land(sha, base));
    expect(await mirror.updateCheckout(sha)).toEqual({ moved: true, why: 'fast-forwarded' });
    expect(repos.git(repos.user, 'status', '--porcelain')).toBe('');
    expect(repos.git(repos.user, 'log', '-1', '--format=%H %D')).toContain(`${sha} HEAD -> main`);
    expect(await mirror.updateCheckout(sha)).toEqual({ moved: false, why: 'the checkout is up to date' });
  });

  it('catches up over what others pushed as well', async () => {
    await using repos = await testRepositories();
    const other = repos.colleague();
    repos.commitAs(other, 'theirs', 'x');
    repos.git(other, 'push', '-q', 'origin', 'main');
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, { n: 'x' });
    must(await mirror.land(sha, base));
    expect(await mirror.updateCheckout(sha)).toMatchObject({ moved: true });
    expect(existsSync(path.join(repos.user, 'theirs'))).toBe(true);
  });

  it.each<[when: string, act: (repos: TestRepositories) => void, why: string]>([
    ['on a feature branch with work in progress (A2)', onFeature, 'the checkout is on feature'],
    ['dirty', dirty, 'changes that are not committed'],
    ['detached', (r) => r.git(r.user, 'checkout', '-q', '--detach'), 'on no branch'],
    ['ahead with commits of its own', (r) => r.commitAs(r.user, 'mine', 'x'), 'commits of its own'],
    [
      'in the middle of a rebase',
      (r) => {
        r.write(path.join(r.user, '.git/rebase-merge/x'), '');
      },
      'a rebase is in progress',
    ],
    [
      'locked by another git',
      (r) => {
        r.write(path.join(r.user, '.git/index.lock'), '');
      },
      'index.lock',
    ],
    [
      'holding an untracked file of that name',
      (r) => {
        r.write(path.join(r.user, 'n'), 'mine');
      },
      'would be overwritten',
    ],
    ['holding an ignored file of that name', ignoredFile, 'would be'],
  ])('is left alone, to the byte, when %s', async (_when, act, why) => {
    await using repos = await testRepositories();
    const { mirror, workspace, base } = await repos.open();
    const sha = await repos.deliver(workspace, base, {
      n: 'x',
      '.gitignore': 'node_modules/\n',
      '.env': 'ours',
    });
    must(await mirror.land(sha, base));
    act(repos);
    const look = (): string[] => [
      repos.git(repos.user, 'for-each-ref'),
      repos.git(repos.user, 'stash', 'list'),
      repos.read(path.join(repos.user, '.git/HEAD')),
      repos.git(repos.user, 'status', '--porcelain', '--ignored', '--untracked-files=all'),
      existsSync(path.join(repos.user, '.env')) ? repos.read(path.join(repos.user, '.env')) : '',
    ];
    const before = look();
    const answer = await mirror.updateCheckout(sha);
    expect(answer.moved).toBe(false);
    expect(answer.why).toContain(why);
    expect(look()).toEqual(before);
  });
});

function onFeature(repos: TestRepositories): void {
  repos.git(repos.user, 'checkout', '-q', '-b', 'feature');
  dirty(repos);
  repos.write(path.join(repos.user, 'scratch.txt'), 'mine');
  repos.write(path.join(repos.user, '.env'), 'KEY=mine');
}

function dirty(repos: TestRepositories): void {
  repos.write(path.join(repos.user, 'src/code.txt'), 'half finished');
}

function ignoredFile(repos: TestRepositories): void {
  repos.write(path.join(repos.user, '.env'), 'KEY=mine');
}

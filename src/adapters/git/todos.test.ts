import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { must, testRepositories } from './test-repositories.ts';

/** With few files each is read, with many git searches: what is found is the same. */
describe.each([
  ['few', 0],
  ['many', 60],
])('what is left to do, in a repository of %s files', (_, others) => {
  it('is read from comments in the code, with its place', async () => {
    await using place = await workspaceWith(others, {
      'notes.md': 'TODO: not code\n',
      'docs/more.md': 'TODO: not code either\n',
      'vendor/x.ts': '// TODO: of others\n',
      'lib/vendor/x.ts': '// TODO: of others\n',
      'src/a b.ts': '// one\n// TODO: be brave\nconst TODOS = 1;\n// FIXME(x) soon\n',
      'src/many.ts': '// TODO: 1\n//TODO(2)\n# FIXME: 3\n// TODO: 4\n',
      'src/none.ts': '// TODO later\n// MYTODO: no\n',
      'src/vendor.ts': 'x() // TODO: here\r\n',
      picture: 'TODO: \0\n',
    });
    expect(await place.todos()).toEqual([
      { file: 'src/a b.ts', line: 2, text: '// TODO: be brave' },
      { file: 'src/a b.ts', line: 4, text: '// FIXME(x) soon' },
      { file: 'src/many.ts', line: 1, text: '// TODO: 1' },
      { file: 'src/many.ts', line: 2, text: '//TODO(2)' },
      { file: 'src/many.ts', line: 3, text: '# FIXME: 3' },
      { file: 'src/vendor.ts', line: 1, text: 'x() // TODO: here\r' },
    ]);
  });

  it('may be nothing', async () => {
    await using place = await workspaceWith(others, {});
    expect(await place.todos()).toEqual([]);
  });
});

it('is never read through a link', async () => {
  await using place = await workspaceWith(0, { 'src/a.ts': '// TODO: ours\n', 'b.ts': '// TODO: ours\n' });
  writeFileSync(path.join(place.outside, 'a.ts'), '// TODO: theirs\n');
  rmSync(path.join(place.folder, 'src'), { recursive: true });
  symlinkSync(place.outside, path.join(place.folder, 'src'));
  rmSync(path.join(place.folder, 'b.ts'));
  symlinkSync(path.join(place.outside, 'a.ts'), path.join(place.folder, 'b.ts'));
  expect(await place.todos()).toEqual([]);
});

async function workspaceWith(others: number, files: Readonly<Record<string, string>>) {
  const repos = await testRepositories();
  for (const [file, text] of Object.entries(files)) repos.write(path.join(repos.user, file), text);
  for (let each = 0; each < others; each += 1) repos.write(path.join(repos.user, `z/${each}.ts`), 'x\n');
  repos.write(path.join(repos.user, 'one-more'), 'x\n');
  repos.git(repos.user, 'add', '--all');
  repos.git(repos.user, 'commit', '-q', '-m', 'More');
  repos.git(repos.user, 'push', '-q', 'origin', 'main');
  const mirror = await repos.sync();
  const workspace = must(await mirror.openWorkspace('s1', mirror.tip));
  const outside = path.join(path.dirname(repos.user), 'outside');
  mkdirSync(outside);
  return {
    folder: workspace.folder,
    outside,
    todos: () => workspace.todos(mirror.tip),
    [Symbol.asyncDispose]: () => repos[Symbol.asyncDispose](),
  };
}

import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseAssignments, readAssignments } from './file-commands.ts';

it.each<[text: string, found: Record<string, string> | RegExp]>([
  ['', {}],
  ['a=1\nb=x=y\n', { a: '1', b: 'x=y' }],
  ['a=1\r\nb=2\r\n', { a: '1', b: '2' }],
  ['a=', { a: '' }],
  ['a=first\na=last\n', { a: 'last' }],
  ['a<<EOF\none\ntwo\nEOF\nb=2', { a: 'one\ntwo', b: '2' }],
  ['a<<EOF\nEOF\n', { a: '' }],
  ['a=x<<y', { a: 'x<<y' }],
  ['a<<EOF\nnever closed', /delimiter not found 'EOF'/],
  ['nonsense', /Invalid format 'nonsense'/],
  ['=x', /Invalid format/],
])('%j gives %s', (text, found) => {
  if (found instanceof RegExp) expect(parseAssignments(text)).toMatch(found);
  else expect(parseAssignments(text)).toEqual(found);
});

it('opens plain files of a sensible size only', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'actions-files-'));
  const [large, link] = [path.join(folder, 'large'), path.join(folder, 'link')];
  await writeFile(large, `a=${'x'.repeat(1024 * 1024)}`);
  await symlink('/dev/zero', link);
  expect(await Promise.all([large, link, folder].map(readAssignments))).toEqual(
    Array(3).fill('The file is too large or no plain file'),
  );
  expect(await readAssignments(path.join(folder, 'gone'))).toEqual({});
  await rm(folder, { recursive: true });
});

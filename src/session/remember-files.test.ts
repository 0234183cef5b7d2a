import { expect, it } from 'vitest';
import type { PlainFile } from '../ports/mirrors.ts';
import { memoryFilesIn } from './remember-files.ts';

function found(files: Readonly<Record<string, string>>) {
  const readPlain = (name: string): Promise<PlainFile> => {
    const text = files[name];
    const file: PlainFile =
      text === undefined ? { kind: 'none' } : { kind: 'file', bytes: Buffer.from(text), mode: 0o644 };
    return Promise.resolve(file);
  };
  return memoryFilesIn({ folder: '/w', readPlain }, { list: () => Promise.resolve(Object.keys(files)) });
}

it('makes no file beside one whose name differs only in case', async () => {
  const { texts, problems } = await found({ 'README.md': 'x', 'agents.md': '# Mine', 'Incidents.md': 'x' });
  expect([...texts.keys()]).toEqual(['memory', 'backlog']);
  expect(problems.map(({ file }) => file)).toEqual(['AGENTS.md', 'INCIDENTS.md']);
  expect(problems[0]?.why).toBe('agents.md is there, on some machines the same file; rename it to AGENTS.md');
});

it('finds what is there, and what is not there yet', async () => {
  const { texts, problems } = await found({ 'AGENTS.md': '# Mine', 'agents.md': 'x' });
  expect(problems).toEqual([]);
  expect(texts.get('contract')).toBe('# Mine');
  expect(texts.has('memory')).toBe(true);
  expect(texts.get('memory')).toBeUndefined();
});

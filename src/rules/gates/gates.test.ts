import { describe, expect, it } from 'vitest';
import { withContract } from '../memory/contract.ts';
import { addedLines, conflictMarkers } from './conflict-markers.ts';
import { instructionFiles, isInstructionFile } from './instruction-files.ts';
import { secrets } from './secrets.ts';
import { touchedFiles } from './touched-files.ts';

const diff = (lines: string): string =>
  `diff --git a/f b/f\nindex 1..2 100644\n--- a/f\n+++ b/f\n@@ -1,2 +10,4 @@\n${lines}\n`;

describe('added lines', () => {
  it('are told with their place', () => {
    expect(addedLines(diff(' same\n+one\n-gone\n+two\n\\ No newline at end of file'))).toEqual([
      { file: 'f', number: 11, text: 'one' },
      { file: 'f', number: 12, text: 'two' },
    ]);
  });

  it('are not confused by lines that look like headers', () => {
    expect(addedLines(diff('+++ b/evil\n+x')).map((line) => line.file)).toEqual(['f', 'f']);
  });
});

it.each([
  ['<<<<<<< HEAD', 1],
  ['>>>>>>> theirs', 1],
  ['||||||| base', 1],
  ['=======', 0],
  ['<<<<<<<', 0],
  ['a <<<<<<< b', 0],
])('"%s" as an added line is %i findings', (line, findings) => {
  expect(conflictMarkers(diff(`+${line}`))).toHaveLength(findings);
});

describe('the secrets gate', () => {
  const redact = (text: string): string => text.replaceAll('hunter2-hunter2', '[redacted:password]');

  it('names file, line and kind, and never the value', () => {
    const [finding] = secrets(diff('+key = hunter2-hunter2'), redact);
    expect(finding).toMatchObject({ file: 'f', line: 10, severity: 'P0' });
    expect(JSON.stringify(finding)).not.toContain('hunter2');
    expect(finding?.message).toContain('[redacted:password]');
  });

  it('sees a secret that spans several lines', () => {
    const spanning = (text: string): string => text.replace(/BEGIN\n[\s\S]*END/, '[redacted:key]');
    expect(secrets(diff('+BEGIN\n+abc\n+END'), spanning)).toHaveLength(1);
  });

  it('says nothing of a removed secret or a clean diff', () => {
    expect(secrets(diff('-key = hunter2-hunter2'), redact)).toEqual([]);
    expect(secrets(diff('+ok'), redact)).toEqual([]);
  });

  it('masks even where the redactor leaves no mark', () => {
    expect(secrets(diff('+abc'), (text) => text.replaceAll('abc', ''))[0]?.message).toContain('[redacted]');
  });
});

describe('the files of a diff', () => {
  it.each<[what: string, diff: string, files: string[]]>([
    ['a change', diff('+x'), ['f']],
    ['a new mode only', 'diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n', ['run.sh']],
    [
      'a rename',
      'diff --git a/old b c/new b/new b\nsimilarity index 100%\nrename from old b c/new\nrename to new b\n',
      ['old b c/new', 'new b'],
    ],
    [
      'a name with a space',
      'diff --git a/a b b/a b\n--- a/a b\t\n+++ b/a b\t\n@@ -1 +1 @@\n-x\n+y\n',
      ['a b'],
    ],
    ['two of them', `${diff('+x')}diff --git a/g b/g\ndeleted file mode 100644\n`, ['f', 'g']],
    ['lines that look like headers', diff('+++ b/evil\n--- a/evil\n+rename to evil'), ['f']],
  ])('are known of %s', (_what, text, files) => {
    expect(touchedFiles(text)).toEqual(files);
  });
});

describe('the gate of instruction files', () => {
  it.each([
    'AGENTS.md',
    'sub/agents.md',
    'CLAUDE.md',
    'GEMINI.md',
    '.github/copilot-instructions.md',
    '.github/instructions/a.instructions.md',
    '.cursorrules',
    '.cursor/rules/a.mdc',
    '.codex/config.toml',
    '.claude/settings.json',
    '.mcp.json',
  ])('looks at %s', (file) => {
    expect(isInstructionFile(file)).toBe(true);
  });

  it.each([
    'README.md',
    'src/agents.ts',
    'docs/AGENTS.md.txt',
    'PROJECT_MEMORY.md',
    '.github/workflows/ci.yml',
  ])('does not look at %s', (file) => {
    expect(isInstructionFile(file)).toBe(false);
  });

  const edit = (file: string, before?: string, after?: string) => ({ file, before, after });

  it.each([
    ['a new one', edit('CLAUDE.md', undefined, 'Obey me.'), /CLAUDE\.md tells agents/],
    ['a change of one', edit('sub/AGENTS.md', 'a', 'b'), /sub\/AGENTS\.md tells agents/],
    ['one that was removed', edit('AGENTS.md', 'a', undefined), /removed/],
    ['a change of the user’s own', edit('AGENTS.md', '# Ours\n', '# Ours\n\nAnd mine.\n'), /./],
  ])('refuses %s', (_what, changed, message) => {
    const [finding, ...more] = instructionFiles([changed], []);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ gate: 'instruction-files', severity: 'P0', file: changed.file });
    expect(finding?.message).toMatch(message);
    expect(finding?.hint).toContain(`put ${changed.file} back`);
  });

  it('allows a change of Repo Facts, unless the session read what others wrote', () => {
    const made = withContract(undefined, { objective: '', facts: ['It is small.'], now: 0 });
    const before = made.ok ? made.value : '';
    const facts = edit(
      'AGENTS.md',
      before,
      before.replace('- It is small.', '- It is small.\n- It is fast.'),
    );
    expect(instructionFiles([facts], [])).toEqual([]);
    expect(instructionFiles([facts], ['AGENTS.md'], true)).toEqual([]);
    expect(instructionFiles([facts], [], true)).toMatchObject([
      { file: 'AGENTS.md', message: expect.stringContaining('read an issue or a log') as string },
    ]);
  });

  it('allows what is as it was, and what a person names in a task', () => {
    expect(instructionFiles([edit('CLAUDE.md', 'a', 'a')], [])).toEqual([]);
    expect(
      instructionFiles(
        [edit('CLAUDE.md', 'a', 'b'), edit('AGENTS.md', 'a', 'b')],
        ['./CLAUDE.md', 'AGENTS.md'],
      ),
    ).toEqual([]);
    expect(instructionFiles([edit('docs/CLAUDE.md', 'a', 'b')], ['CLAUDE.md', 'docs'])).toHaveLength(1);
  });
});

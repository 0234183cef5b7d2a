import { describe, expect, it } from 'vitest';
import { addedLines, conflictMarkers } from './conflict-markers.ts';
import { secrets } from './secrets.ts';

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

/** The first version that the scripted model makes of an idea: it runs, it has a test, and CI runs the same. */
export const voiceNotes = [
  {
    path: 'README.md',
    content: '# Voice notes\n\nKeeps spoken notes as text, newest first. Test it with `npm test`.\n',
  },
  {
    path: 'package.json',
    content: `${JSON.stringify({ name: 'voice-notes', version: '0.1.0', type: 'module', private: true, scripts: { test: 'node --test' } }, null, 2)}\n`,
  },
  { path: '.gitignore', content: 'node_modules/\n' },
  {
    path: 'src/notes.js',
    content:
      'export function keep(notes, text, at) {\n  return [{ text: text.trim(), at }, ...notes].toSorted((a, b) => b.at - a.at);\n}\n',
  },
  {
    path: 'test/notes.test.js',
    content:
      "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { keep } from '../src/notes.js';\n\ntest('keeps the newest first', () => {\n  const notes = keep(keep([], 'buy tea ', 1), 'call Ada', 2);\n  assert.deepEqual(notes.map((note) => note.text), ['call Ada', 'buy tea']);\n});\n",
  },
  {
    path: '.github/workflows/ci.yml',
    content:
      'name: CI\non:\n  push:\n    branches: [main]\npermissions:\n  contents: read\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n      - name: Test\n        run: npm test\n',
  },
];

import { describe, expect, it } from 'vitest';
import { splitWords } from './split-words.ts';

describe('a command line', () => {
  it.each<[line: string, words: string[]]>([
    ['', []],
    ['  ', []],
    ['agent --fast  -x', ['agent', '--fast', '-x']],
    ['"/my tools/agent" --name "two words"', ['/my tools/agent', '--name', 'two words']],
    [`a 'it"s' "it's" ''`, ['a', 'it"s', "it's", '']],
    ['a\\ b c', ['a b', 'c']],
    ['--key=" x "y', ['--key= x y']],
    ['"a\\"b\\\\c\\d"', ['a"b\\c\\d']],
    ["'a\\'", ['a\\']],
    ['$(touch x) `y` $HOME *', ['$(touch', 'x)', '`y`', '$HOME', '*']],
    ['C:\\\\tools\\\\agent.exe', ['C:\\tools\\agent.exe']],
  ])('%s', (line, words) => {
    expect(splitWords(line)).toEqual({ ok: true, value: words });
  });

  it('with a quote that is not closed is none', () => {
    expect(splitWords('agent "x')).toEqual({ ok: false, failure: 'a " is not closed in: agent "x' });
  });
});

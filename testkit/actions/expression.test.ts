import { describe, expect, it } from 'vitest';
import { evaluate, evaluateDeep, holds, interpolate, type Scope } from './expression.ts';
import { ExpressionError } from './expression-values.ts';
import type { Value } from './workflow.ts';

const contexts = {
  github: { ref: 'refs/heads/main', event: { head_commit: { message: 'Add Feature' } }, actor: "o'neil" },
  env: { LEVEL: '3', empty: '' },
  matrix: { os: 'Linux', version: 20, flags: ['a', 'b'] },
  needs: { build: { result: 'success', outputs: { tag: 'v1' } }, lint: { result: 'failure', outputs: {} } },
  steps: { one: { outcome: 'failure', outputs: { 'some-name': 'x' } } },
};
const good: Scope = { contexts, status: { success: true, failure: false, cancelled: false } };
const bad: Scope = { contexts, status: { success: false, failure: true, cancelled: false } };
const stopped: Scope = { contexts, status: { success: false, failure: false, cancelled: true } };

describe('an expression', () => {
  it.each<[text: string, value: Value]>([
    ['true', true],
    ['null', null],
    ["'it''s'", "it's"],
    ['0xff', 255],
    ['-2.5e1', -25],
    ['github.ref', 'refs/heads/main'],
    ["github['ref']", 'refs/heads/main'],
    ['GitHub.REF', 'refs/heads/main'],
    ['github.event.head_commit.message', 'Add Feature'],
    ['github.event.nothing.at.all', null],
    ['matrix.flags[1]', 'b'],
    ['matrix.flags[9]', null],
    ['steps.one.outputs.some-name', 'x'],
    ['needs.build.outputs.tag', 'v1'],
    ['needs.*.result', ['success', 'failure']],
    ["contains(needs.*.result, 'failure')", true],
    ["contains(needs.*.result, 'cancelled')", false],
    ["matrix.os == 'linux'", true],
    ["matrix.os != 'linux'", false],
    ["matrix.version == '20'", true],
    ['matrix.version >= 18 && matrix.version < 21', true],
    ['env.LEVEL > 2', true],
    ['null == 0', true],
    ["'' == false", true],
    ["'a' == 0", false],
    ['matrix == matrix', true],
    ['!true', false],
    ['!!github.ref', true],
    ['!env.empty && !false', true],
    ["false || 'fallback'", 'fallback'],
    ["'first' && 'second'", 'second'],
    ['env.empty || env.LEVEL', '3'],
    ['true || false && false', true],
    ['(true || false) && false', false],
    ["contains('Hello', 'ELL')", true],
    ["contains(fromJSON('[\"push\", 1]'), 'push')", true],
    ["contains(fromJSON('[\"pushes\"]'), 'push')", false],
    ["startsWith(github.ref, 'REFS/heads/')", true],
    ["endsWith(github.ref, 'main')", true],
    ["format('{0}-{1} {{x}}', 'a', 2)", 'a-2 {x}'],
    ["join(matrix.flags, '+')", 'a+b'],
    ['fromJSON(\'{"a": [1]}\').a[0]', 1],
    ['toJSON(matrix.flags)', '[\n  "a",\n  "b"\n]'],
    ["github.actor == 'o''neil'", true],
  ])('%s is %j', (text, value) => {
    expect(evaluate(`\${{ ${text} }}`, good)).toEqual(value);
  });

  it.each<[text: string]>([
    ['github.'],
    ['(true'],
    ["'open"],
    ['true &&'],
    ['a b'],
    ['1 = 2'],
    ['"double"'],
    ['unknown()'],
    ["format('{1}', 'a')"],
    ["fromJSON('{')"],
    ["hashFiles('*')"],
    ['('.repeat(60)],
  ])('%s is refused', (text) => {
    expect(() => evaluate(`\${{ ${text} }}`, good)).toThrow(ExpressionError);
  });
});

describe('a text', () => {
  it.each<[text: string, result: string]>([
    ['plain', 'plain'],
    ['on ${{ matrix.os }} ${{matrix.version}}!', 'on Linux 20!'],
    ["${{ 'a }} b' }}", 'a }} b'],
    ['${{ null }}|${{ true }}|${{ matrix }}|${{ matrix.flags }}', '|true|Object|Array'],
    ['$HOME ${x} {{ y }}', '$HOME ${x} {{ y }}'],
  ])('%s becomes %s', (text, result) => {
    expect(interpolate(text, good)).toBe(result);
  });

  it('that never closes an expression is refused', () => {
    expect(() => interpolate('a ${{ b', good)).toThrow(/not closed/);
  });

  it('is evaluated wherever it stands in a value, and keeps its kind', () => {
    const value = {
      list: "${{ fromJSON('[1, 2]') }}",
      deep: [{ text: 'v${{ matrix.version }}' }],
      number: 3,
    };
    expect(evaluateDeep(value, good)).toEqual({ list: [1, 2], deep: [{ text: 'v20' }], number: 3 });
  });
});

describe('a condition', () => {
  it.each<[condition: Value | undefined, whenGood: boolean, whenBad: boolean, whenStopped: boolean]>([
    [undefined, true, false, false],
    ['', true, false, false],
    [true, true, false, false],
    [false, false, false, false],
    ['always()', true, true, true],
    ['${{ always() }}', true, true, true],
    ['success()', true, false, false],
    ['failure()', false, true, false],
    ['cancelled()', false, false, true],
    ['!cancelled()', true, true, false],
    ['success() || failure()', true, true, false],
    ["failure() && steps.one.outcome == 'failure'", false, true, false],
    ["matrix.os == 'Linux'", true, false, false],
    ["matrix.os == 'Windows'", false, false, false],
    ["always() && needs.lint.result == 'failure'", true, true, true],
    // Beside other text the expression becomes a text, and a text is true: a well-known trap.
    ['${{ false }} && false', true, false, false],
  ])(
    '%j holds: %s; after a failure: %s; after a cancellation: %s',
    (condition, whenGood, whenBad, whenStopped) => {
      expect([holds(condition, good), holds(condition, bad), holds(condition, stopped)]).toEqual([
        whenGood,
        whenBad,
        whenStopped,
      ]);
    },
  );
});

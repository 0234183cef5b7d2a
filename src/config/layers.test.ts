import { expect, it } from 'vitest';

import type { LayerValues } from './environment.ts';
import { type Layers, layerOf, optionsOf, resolveSettings } from './layers.ts';
import type { OptionName } from './options.ts';

const none: LayerValues = {};
function layers(given: Partial<Layers>): Layers {
  return { file: none, environment: none, commandLine: none, ...given };
}

it('takes each value from the strongest layer that has one', () => {
  const all: Layers = {
    file: layerOf(
      { model: 'file', agent: 'file', commit_name: 'file', session_mode: 'single', setup: ['file'] },
      'clone.yaml',
    ),
    inRepo: { commit_name: 'in-repo', setup: ['in-repo'] },
    entry: layerOf({ model: 'entry', agent: 'entry', commit_name: 'entry' }, 'repos.yaml (api)'),
    environment: layerOf({ model: 'environment', agent: 'environment' }, 'MODEL'),
    commandLine: layerOf({ model: 'line' }, '--model'),
  };
  const { settings, refused } = resolveSettings(all);
  expect(refused).toEqual([]);
  expect(settings.model).toEqual({ value: 'line', from: '--model' });
  expect(settings.agent).toEqual({ value: 'environment', from: 'MODEL' });
  expect(settings.commit_name).toEqual({ value: 'entry', from: 'repos.yaml (api)' });
  expect(settings.setup).toEqual({ value: ['in-repo'], from: '.clone.yaml' });
  expect(settings.session_mode).toEqual({ value: 'single', from: 'clone.yaml' });
  expect(settings.land).toEqual({ value: 'push', from: 'default' });
});

it.each<[OptionName, holds: unknown, asked: unknown, taken: boolean]>([
  ['model', 'cheap', 'dear', false],
  ['agent', 'codex', 'command', false],
  ['tasks_per_repo', 5, 4, true],
  ['tasks_per_repo', 5, 5, true],
  ['tasks_per_repo', 5, 6, false],
  ['turn_minutes', 30, 10, true],
  ['turn_minutes', 30, 31, false],
  ['land', 'push', 'hold', true],
  ['land', 'pr', 'hold', true],
  ['land', 'pr', 'push', false],
  ['land', 'hold', 'pr', false],
  ['sandbox', 'workspace-write', 'read-only', true],
  ['sandbox', 'workspace-write', 'danger-full-access', false],
  ['ci_autofix_enabled', true, false, true],
  ['ci_autofix_enabled', false, true, false],
  ['ci_autofix_enabled', true, true, true],
  ['verify', [], [{ name: 'true', run: 'true', timeout: 0, required: true }], false],
  ['copy', [], ['.env'], false],
  ['commit_name', 'a', 'b', true],
  ['parallel_repos', 3, 1, false],
])('with %s at %j, an in-repo %j is taken: %s', (name, holds, asked, taken) => {
  const { settings, refused } = resolveSettings(
    layers({ file: layerOf({ [name]: holds }, 'clone.yaml'), inRepo: { [name]: asked } }),
  );
  expect(settings[name]).toEqual(
    taken ? { value: asked, from: '.clone.yaml' } : { value: holds, from: 'clone.yaml' },
  );
  expect(refused.map(({ option }) => option)).toEqual(taken ? [] : [name]);
});

it('says why a looser value is not taken', () => {
  const { refused } = resolveSettings(
    layers({ inRepo: { tasks_per_repo: 50, sandbox: 'danger-full-access' } }),
  );
  expect(refused.map(({ message }) => message)).toEqual([
    'tasks_per_repo: 50 is not taken: it is 10 here and may only be lowered',
    'sandbox: "danger-full-access" is not taken: it is "workspace-write" here and may only become read-only or workspace-write',
  ]);
});

it('lets the owner loosen what the repository tightened', () => {
  const { settings } = resolveSettings(
    layers({ inRepo: { land: 'hold' }, entry: layerOf({ land: 'push' }, 'repos.yaml (api)') }),
  );
  expect(settings.land.value).toBe('push');
});

it('gives checks without a time limit the common one', () => {
  const verify = [
    { name: 'a', run: 'a', timeout: 0, required: true },
    { name: 'b', run: 'b', timeout: 5, required: true },
  ];
  const { settings } = resolveSettings(
    layers({
      file: layerOf({ verify }, 'clone.yaml'),
      entry: layerOf({ verify_timeout_seconds: 60 }, 'repos.yaml (api)'),
    }),
  );
  expect(optionsOf(settings).verify.map(({ timeout }) => timeout)).toEqual([60, 5]);
});

import { expect, it } from 'vitest';
import { renderTemplate } from './render-template.ts';

it('fills every name and ends with one line end', () => {
  expect(renderTemplate('{{ a }} and {{b}}\n\n', { a: '1', b: '2' })).toEqual({
    ok: true,
    value: '1 and 2\n',
  });
});

it('never looks at a value again', () => {
  expect(renderTemplate('{{a}}', { a: '{{b}} $& {{nope}}' })).toEqual({
    ok: true,
    value: '{{b}} $& {{nope}}\n',
  });
});

it('refuses a name that nobody gives, and says which are known', () => {
  expect(renderTemplate('{{objectve}} {{x}}', { objective: '', a: '' })).toEqual({
    ok: false,
    failure: { unknown: ['objectve', 'x'], known: ['a', 'objective'] },
  });
});

import { expect, it } from 'vitest';

import { formatMarker, ownerOf } from './marker.ts';

const owner = { namespace: '4026531836', pid: 42, started: '1234' };

it.each(['s-7', '20261121.090000.app', ''])('names its owner, in session "%s"', (session) => {
  expect(ownerOf(formatMarker(session, owner, 'abc123'))).toEqual(owner);
});

it.each(['x', 's-7.42.1234', 's-7.4026531836.forty.1234.abc', 's-7...1234.abc'])(
  'has no owner when it is "%s"',
  (marker) => {
    expect(ownerOf(marker)).toBeUndefined();
  },
);

it('differs from run to run', () => {
  expect(formatMarker('s-7', owner, 'a')).not.toBe(formatMarker('s-7', owner, 'b'));
});

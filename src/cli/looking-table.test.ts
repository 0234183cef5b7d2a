import { expect, it } from 'vitest';

import { commandTable } from './command-table.ts';
import { lookingCommands } from './looking-commands.ts';
import { lookingTable } from './looking-table.ts';

it('holds every command that only looks', () => {
  expect(lookingTable.map(({ name }) => name)).toEqual(lookingCommands);
});

it('is part of the table of all commands', () => {
  expect(commandTable).toEqual(expect.arrayContaining([...lookingTable]));
});

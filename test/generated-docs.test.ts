import { readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { generatedPages } from '../scripts/generate-docs.ts';

it.each(Object.entries(generatedPages))(
  '%s is what the code says (else: node scripts/generate-docs.ts)',
  async (file, page) => {
    expect(await readFile(new URL(`../${file}`, import.meta.url), 'utf8')).toBe(page());
  },
);

import { writeFile } from 'node:fs/promises';

import { configurationPage } from './configuration-page.ts';
import { eventsPage } from './events-page.ts';

/** The pages that are made from the code, by their path below the repository. `node scripts/generate-docs.ts` writes them. */
export const generatedPages: Readonly<Record<string, () => string>> = {
  'docs/CONFIGURATION.md': configurationPage,
  'docs/EVENTS.md': eventsPage,
};

if (import.meta.main)
  for (const [file, page] of Object.entries(generatedPages))
    await writeFile(new URL(`../${file}`, import.meta.url), page());

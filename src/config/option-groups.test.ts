import { expect, it } from 'vitest';

import { optionGroups } from './option-groups.ts';
import { checkOptions } from './options/check-options.ts';
import { githubOptions } from './options/github-options.ts';
import { ideaOptions } from './options/idea-options.ts';
import { issueOptions } from './options/issue-options.ts';
import { landingOptions } from './options/landing-options.ts';
import { memoryOptions } from './options/memory-options.ts';
import { promptOptions } from './options/prompt-options.ts';
import { runOptions } from './options/run-options.ts';
import { sessionOptions } from './options/session-options.ts';

it.each<[title: string, tables: readonly object[]]>([
  ['The run', [runOptions]],
  ['Sessions and agents', [sessionOptions]],
  ['Checks and workspaces', [checkOptions]],
  ['Landing', [landingOptions]],
  ['GitHub, CI and issues', [githubOptions, issueOptions]],
  ['Memory, ideas, prompts and logs', [memoryOptions, ideaOptions, promptOptions]],
])('shows under “%s” what belongs there, and nothing else', (title, tables) => {
  const group = optionGroups().find((one) => one.title === title);
  expect(group?.options.map(([name]) => name)).toEqual(tables.flatMap((table) => Object.keys(table)));
});

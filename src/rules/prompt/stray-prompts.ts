import { didYouMean } from '../../domain/nearest-name.ts';
import { fragments, templateVariables } from './variables.ts';

/** Every prompt there is, by name. */
export const promptNames: readonly string[] = [...Object.keys(templateVariables), ...fragments].toSorted();

const mostTold = 5;

/**
 * Files in a folder of prompts that replace nothing, because no prompt has their name: in words, with the nearest name.
 * A README, and what begins with `.` or `_` or ends with `~`, may lie there.
 */
export function strayPrompts(folder: string, files: readonly string[]): readonly string[] {
  const strays = files.filter((file) => !mayBeThere(file)).toSorted();
  const told = strays.slice(0, mostTold).map((file) => `${folder}/${file} is no prompt: ${instead(file)}`);
  const rest = strays.length - told.length;
  return rest > 0 ? [...told, `${folder} has ${rest} more files that are no prompts`] : told;
}

function mayBeThere(file: string): boolean {
  if (/^[._]|~$/.test(file) || file.toLowerCase() === 'readme.md') return true;
  return file.endsWith('.md') && promptNames.includes(file.slice(0, -'.md'.length));
}

function instead(file: string): string {
  const stem = file.replace(/\.[^.]*$/, '');
  return didYouMean(stem, promptNames, `the prompts are ${promptNames.join(', ')}`).replace(
    /mean (\S+)\?$/,
    'mean $1.md?',
  );
}

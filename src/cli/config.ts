import { Command, Option } from 'commander';

import { shown } from '../config/check-value.ts';
import { settingsSchema } from '../config/json-schema.ts';
import { optionGroups } from '../config/option-groups.ts';
import { act } from './act.ts';
import type { CommonFlags, Setting } from './context.ts';
import { findRepo, readRepos } from './find-repo.ts';
import type { FrontContext } from './front-context.ts';
import { issueOwner, ownerLine } from './issue-owner.ts';
import { addOptionFlags, overridesFrom } from './option-flags.ts';
import { promptWarnings } from './prompt-warnings.ts';
import { alignRows } from './table.ts';

/** `clone config`: what every option is, where its value comes from, and the schema for editors. */
export function configCommand(context: FrontContext): Command {
  const show = addOptionFlags(new Command('show'))
    .summary('print every option, its value, and the layer it came from')
    .description(
      'Prints every option with its value and the layer it came from: command line, environment, the entry in repos.yaml, ' +
        '.clone.yaml of the repository, clone.yaml, default.',
    )
    .option('--repo <name>', 'as it is for one repository')
    .option('--json', 'answer in JSON')
    .addHelpText('after', '\nExample:\n  clone config show --repo jwt-workbench')
    .action(act(context, (flags: ShowFlags) => showConfig(context, flags)));
  const schema = new Command('schema')
    .summary('print the JSON Schema, for editors')
    .description('Prints the JSON Schema of clone.yaml, or of .clone.yaml in a repository, for editors.')
    .addOption(
      new Option('--file <name>', 'which file').choices(['clone.yaml', '.clone.yaml']).default('clone.yaml'),
    )
    .option('--json', 'as without it: a schema is JSON')
    .addHelpText('after', '\nExample:\n  clone config schema > clone.schema.json')
    .action(
      act(context, ({ file }: { readonly file: string }) => {
        context.print(JSON.stringify(settingsSchema(file === 'clone.yaml' ? 'home' : 'repo'), undefined, 2));
        return 0;
      }),
    );
  return new Command('config')
    .summary('show every option and where its value comes from')
    .description(
      'Shows what every option is here and where that comes from; without a command as `show` does.',
    )
    .addCommand(show, { isDefault: true })
    .addCommand(schema)
    .addHelpText('after', '\nExample:\n  clone config show\n  clone config schema > clone.schema.json');
}

interface ShowFlags extends CommonFlags {
  readonly repo?: string;
}

async function showConfig(context: FrontContext, flags: ShowFlags): Promise<number> {
  const home = await context.home(flags, overridesFrom({ ...flags }));
  const repo = flags.repo === undefined ? undefined : findRepo(await readRepos(context, home), flags.repo);
  const settings = await home.settingsFor(repo);
  const { value: prompts } = settings['prompts_dir'] ?? {};
  const strays = await promptWarnings(context, home, typeof prompts === 'string' ? [prompts] : []);
  const warnings = [...(repo ? await home.warningsFor(repo) : []), ...strays];
  const owner = await issueOwner(settings, () => context.forge(home));
  if (flags.json) {
    const about = { schema_version: 1, home: home.folder, repo: repo?.name ?? null };
    const answer = { ...about, settings, issue_owner: owner, warnings };
    context.print(JSON.stringify(answer, undefined, 2));
    return 0;
  }
  context.print(`Home: ${home.folder}`);
  context.print('');
  for (const line of settingLines(settings)) context.print(line);
  context.print('');
  context.print(ownerLine(owner));
  for (const warning of warnings) context.complain(`warning: ${warning}`);
  return 0;
}

function settingLines(settings: Readonly<Record<string, Setting>>): readonly string[] {
  const groups = optionGroups().map(({ title, options }) => ({
    title,
    rows: options.map(([name]) => [name, shown(settings[name]?.value), settings[name]?.from ?? '']),
  }));
  const lines = alignRows(groups.flatMap(({ rows }) => rows));
  let line = 0;
  return groups.flatMap(({ title, rows }, index) => {
    const own = lines.slice(line, (line += rows.length));
    return [...(index > 0 ? [''] : []), title, ...own.map((text) => `  ${text}`)];
  });
}

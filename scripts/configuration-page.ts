import { describeType } from '../src/config/check-value.ts';
import { environmentNames } from '../src/config/environment.ts';
import { optionGroups } from '../src/config/option-groups.ts';
import type { OptionName, OptionSpec } from '../src/config/options.ts';

const head = `# Configuration

<!-- Made from src/config/options.ts by scripts/generate-docs.ts: edit there. -->

Every option has a default: an empty \`clone.yaml\` is a good one. A value is taken from the first of these that has one:

1. the command line (\`--tasks 5\`)
2. the environment (\`CLONE_TASKS_PER_REPO=5\`; the names of the first Clone, such as \`TASKS_PER_REPO\`, serve too)
3. the entry of the repository in \`repos.yaml\`
4. \`.clone.yaml\` in the repository itself
5. \`clone.yaml\` in the home
6. the default

\`clone config show\` prints every value and where it comes from, \`clone config show --repo NAME\` as it is for one
repository, \`clone config schema\` a JSON Schema for editors. An unknown key, a wrong type or a value out of bounds is an
error that names the key, the file, the line and the nearest valid name; nothing is started, and the exit code is 2.

Options marked *per repository* may also stand in 3 and 4. Whoever can push to a repository writes its \`.clone.yaml\`, so an
option with an entry under *in \`.clone.yaml\`* can only be made tighter there. A looser value is not taken, and said.

Paths may begin with \`~\`; a relative one starts at the home when it stands in \`clone.yaml\`, and where you are otherwise.

The home is the first of: \`--home DIR\`, \`CLONE_HOME\`, the nearest folder upwards with \`clone.yaml\` or \`repos.yaml\`,
\`~/.clone\`.
`;

/** The text of docs/CONFIGURATION.md. */
export function configurationPage(): string {
  const groups = optionGroups().map(
    ({ title, options }) => `\n## ${title}\n${options.map(section).join('')}`,
  );
  return head + groups.join('');
}

function section([name, spec]: readonly [OptionName, OptionSpec]): string {
  const facts = [
    ['value', `${describeType(spec.type)}; default \`${JSON.stringify(spec.default)}\``],
    ['environment', environmentNames(name, spec).map(code).join(', ')],
    ['command line', spec.flag === undefined ? '' : code(spec.flag)],
    ['per repository', spec.scope === 'repo' ? 'yes' : ''],
    ['in `.clone.yaml`', spec.scope === 'repo' ? tightening(spec) : ''],
  ];
  const lines = facts.filter(([, said]) => said !== '').map(([what, said]) => `- ${what}: ${said}\n`);
  return `\n### \`${name}\`\n\n${spec.help}\n\n${lines.join('')}`;
}

function tightening({ tighter, type }: OptionSpec): string {
  switch (tighter) {
    case undefined:
      return '';
    case 'lower':
      return 'only lower';
    case 'higher':
      return 'only higher';
    case 'earlier-choice':
      return `only further to the left in ${type.kind === 'choice' ? type.choices.map(code).join(', ') : ''}`;
    case 'true':
    case 'false':
      return `only ${code(tighter)}`;
    case 'never':
      return 'not at all';
  }
}

function code(text: string): string {
  return `\`${text}\``;
}

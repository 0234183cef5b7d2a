import { describeType } from './check-value.ts';
import { optionGroups } from './option-groups.ts';
import type { OptionName, OptionSpec } from './options.ts';

const settingsHead = `# Settings of clone. Every line is optional: what is commented out is the default.
# Stronger than this file: the entry of a repository in repos.yaml, the environment, the command line.
# \`clone config show\` prints every value and where it comes from; \`clone config schema\` is for editors.
`;

/** The \`clone.yaml\` of a new home: every option with its help and its default, commented out. */
export function starterSettings(): string {
  const groups = optionGroups().map(
    ({ title, options }) => `\n# --- ${title} ---\n${options.map(starterLines).join('')}`,
  );
  return settingsHead + groups.join('');
}

function starterLines([name, spec]: readonly [OptionName, OptionSpec]): string {
  const perRepo = spec.scope === 'repo' ? '; also per repository' : '';
  return `\n# ${spec.help}\n# ${describeType(spec.type)}${perRepo}\n# ${name}: ${JSON.stringify(spec.default)}\n`;
}

/** An empty \`repos.yaml\`. */
export const starterPortfolio = `# The portfolio: the repositories that clone looks after. \`clone discover ROOT\` fills it, and you may edit it:
# comments, order and keys of your own stay.
#
# repos:
#   - name: jwt-workbench
#     path: /home/me/code/jwt-workbench
#     branch: main
#     objective: Keep jwt-workbench production-ready.
#     pinned: true        # always in, however long untouched
#     tasks_per_repo: 5   # options marked "also per repository" in clone.yaml may stand here
repos: []
`;

/** An empty \`ideas.yaml\`. */
export const starterIdeas = `# The incubator: projects that have no repository yet. \`clone run\` makes one of each idea, \`clone ideas process\` does it now.
# \`clone ideas add\` writes here, and you may edit it: comments, order and keys of your own stay.
#
# ideas:
#   - title: Incident diary
#     summary: Turns alert history into a weekly one-page report.
#     repo_name: incident-diary   # made of the title when left out
#     status: NEW                 # NEW, TRIAGED, ACTIVE, BLOCKED
ideas: []
`;

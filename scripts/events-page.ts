import { type Field, factTable } from '../src/domain/fact.ts';

const head = `# Events

<!-- Made from src/domain/facts by scripts/generate-docs.ts: edit there. -->

The ledger holds facts: what happened, in order, never edited. \`events.jsonl\` in the folder of a run has one of them per line, as
an object with \`at\`, \`seq\`, \`type\` and, where they apply, \`run\`, \`cycle\`, \`repo\`, \`session\`, \`turn\` and \`task\`; besides
these, each type has the fields below. Names of fields are in snake_case and moments are UTC in ISO 8601 there.
`;

/** The text of docs/EVENTS.md. */
export function eventsPage(): string {
  return head + Object.entries(factTable).map(section).join('');
}

function section([type, { says, fields }]: readonly [
  string,
  { readonly says: string; readonly fields: Readonly<Record<string, Field<unknown>>> },
]): string {
  const rows = Object.entries(fields).map(([name, field]) => row(name, field));
  const table = rows.length === 0 ? '' : `\n| field | form | says |\n|---|---|---|\n${rows.join('')}`;
  return `\n## \`${type}\`\n\n${says}\n${table}`;
}

function row(name: string, { shape, says }: Field<unknown>): string {
  return `| \`${snake(name)}\` | ${cell(snake(shape).replace('milliseconds since 1970', 'moment'))} | ${cell(says)} |\n`;
}

function snake(name: string): string {
  return name.replace(/[a-z][A-Z]/g, (pair) => `${pair.charAt(0)}_${pair.charAt(1).toLowerCase()}`);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

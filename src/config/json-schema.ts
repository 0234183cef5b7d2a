import { optionList } from './option-groups.ts';
import type { OptionScope, OptionSpec, OptionType } from './options.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema of `clone.yaml` (`home`) or of an in-repo `.clone.yaml` (`repo`), for editors. */
export function settingsSchema(scope: OptionScope): JsonSchema {
  const options = optionList.filter(
    ([, spec]) => scope === 'home' || (spec.scope === 'repo' && spec.tighter !== 'never'),
  );
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: scope === 'home' ? 'clone.yaml' : '.clone.yaml',
    description:
      scope === 'home'
        ? 'Settings of clone.'
        : 'Settings of one repository. Options that keep it safe may only be made tighter here.',
    type: ['object', 'null'],
    additionalProperties: false,
    properties: Object.fromEntries(options.map(([name, spec]) => [name, optionSchema(spec)])),
  };
}

function optionSchema(spec: OptionSpec): JsonSchema {
  return { description: spec.help, default: spec.default, ...typeSchema(spec.type) };
}

function typeSchema(type: OptionType): JsonSchema {
  switch (type.kind) {
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
    case 'number':
      return { type: type.kind, minimum: type.min, maximum: type.max };
    case 'string':
      return { type: 'string', ...(type.pattern ? { pattern: type.pattern.source } : {}) };
    case 'choice':
      return { type: 'string', enum: type.choices };
    case 'strings':
      return {
        type: 'array',
        items: { type: 'string', ...(type.items ? { pattern: type.items.pattern.source } : {}) },
      };
    case 'checks':
      return { type: 'array', items: { anyOf: [{ type: 'string', minLength: 1 }, checkSchema] } };
  }
}

const checkSchema: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['run'],
  properties: {
    name: { type: 'string', minLength: 1, description: 'What messages call it; the command when left out.' },
    run: { type: 'string', minLength: 1, description: 'The command; it must exit 0.' },
    timeout: { type: 'integer', minimum: 1, maximum: 86_400, description: 'Time limit in seconds.' },
    required: { type: 'boolean', default: true, description: 'false: told, but no reason against landing.' },
  },
};

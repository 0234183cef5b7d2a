/**
 * Writes api.json: the response schemas of the operations we answer, cut out of GitHub's own OpenAPI description.
 *
 * It is run by hand, when an operation is added or GitHub's description moves on, with the package that holds the
 * description installed outside of this project (it takes 400 MB):
 *
 *     npm install --prefix /tmp/openapi @octokit/openapi
 *     node testkit/github/schemas/generate.ts /tmp/openapi/node_modules/@octokit/openapi/generated/api.github.com.json
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { restRoutes } from '../routes/index.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = Record<string, Json>;

const source = process.argv[2];
if (source === undefined) throw new Error('usage: node generate.ts PATH/TO/api.github.com.json');
const api = JSON.parse(await readFile(source, 'utf8')) as {
  info: { version: string };
  paths: Record<string, Record<string, { responses: Record<string, Fields> }>>;
  components: { schemas: Record<string, Json>; responses: Record<string, Fields> };
};

const readersOnly = new Set(['description', 'example', 'examples', 'title', 'deprecated', 'externalDocs', 'nullable', 'discriminator', 'default']);
const operations: Record<string, Fields> = {};
const needed = new Set<string>();
for (const route of restRoutes) {
  const operation = operationOf(route.method, route.path);
  if (operation === undefined) {
    console.warn(`GitHub describes no ${route.method} ${route.path}`);
    continue;
  }
  const answers: Fields = {};
  for (const [status, response] of Object.entries(operation.responses)) {
    const schema = schemaOf(response);
    if (schema !== undefined) answers[status] = translated(schema);
  }
  operations[`${route.method} ${route.path}`] = answers;
}

const schemas: Fields = {};
for (const name of needed) {
  const schema = api.components.schemas[name];
  if (schema !== undefined) schemas[name] = translated(schema);
}

const header = `Cut out of @octokit/openapi ${api.info.version} (MIT), generated/api.github.com.json, by generate.ts`;
const names = Object.keys(schemas).sort();
const sorted = Object.fromEntries(names.map((name) => [name, schemas[name] ?? {}]));
const target = path.join(import.meta.dirname, 'api.json');
await writeFile(target, `${lines({ header, version: api.info.version, operations, schemas: sorted })}\n`);
console.log(`${String(names.length)} schemas for ${String(Object.keys(operations).length)} operations`);

/** Our template may name its parameters otherwise, and two of our paths are other ways to the same operation. */
function operationOf(method: string, template: string): { responses: Record<string, Fields> } | undefined {
  const twins: Record<string, string> = {
    '/repositories/{repository_id}': '/repos/{owner}/{repo}',
    '/repos/{owner}/{repo}/contents': '/repos/{owner}/{repo}/contents/{path}',
    '/user/issues': '/issues',
  };
  const bare = (text: string): string => text.replace(/\{\w+\}/g, '{}');
  const wanted = bare(twins[template] ?? template);
  const hit = Object.entries(api.paths).find(([each]) => bare(each) === wanted);
  return hit?.[1][method.toLowerCase()];
}

function schemaOf(response: Fields): Json | undefined {
  const ref = response['$ref'];
  const resolved = typeof ref === 'string' ? api.components.responses[ref.split('/').at(-1) ?? ''] : response;
  const content = resolved?.['content'] as Record<string, { schema?: Json }> | undefined;
  return content?.['application/json']?.schema;
}

/** OpenAPI 3.0 to JSON Schema: `nullable` becomes a null, references point into our file, words for readers go. */
function translated(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(translated);
  if (schema === null || typeof schema !== 'object') return schema;
  const ref = schema['$ref'];
  if (typeof ref === 'string') {
    const name = ref.split('/').at(-1) ?? '';
    needed.add(name);
    return { $ref: `github#/schemas/${name}` };
  }
  const kept: Fields = {};
  for (const [key, value] of Object.entries(schema)) {
    if (readersOnly.has(key) || key.startsWith('x-')) continue;
    if (key === 'properties') {
      const properties = Object.entries(value as Fields);
      kept[key] = Object.fromEntries(properties.map(([name, each]) => [name, translated(each)]));
    } else {
      kept[key] = key === 'enum' || key === 'required' ? value : translated(value);
    }
  }
  if (schema['nullable'] !== true) return kept;
  if (Array.isArray(kept['enum'])) kept['enum'] = [...kept['enum'], null];
  if (typeof kept['type'] === 'string') return { ...kept, type: [kept['type'], 'null'] };
  return { anyOf: [{ type: 'null' }, kept] };
}

/** One operation and one schema per line, so that a change of the description can be read as a difference. */
function lines(file: Record<string, Json>): string {
  const parts = Object.entries(file).map(([key, value]) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
    const rows = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${JSON.stringify(each)}`);
    return `${JSON.stringify(key)}: {\n${rows.join(',\n')}\n}`;
  });
  return `{\n${parts.join(',\n')}\n}`;
}

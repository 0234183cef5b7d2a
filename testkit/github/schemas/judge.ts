import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ValidateFunction } from 'ajv';
import type { Judge } from '../http/answer-rest.ts';

/** Compares answers with GitHub's own schemas (api.json), and adds what does not fit to `found`. */
export async function createJudge(found: string[]): Promise<Judge> {
  // Loaded here, since ajv is there for development only and the stand-in runs without it.
  const [{ Ajv }, { default: formats }] = await Promise.all([import('ajv'), import('ajv-formats')]);
  const file = await readFile(path.join(import.meta.dirname, 'api.json'), 'utf8');
  const api = JSON.parse(file) as { operations: Record<string, Record<string, object>>; schemas: object };
  const ajv = new Ajv({ strict: false, logger: false });
  formats.default(ajv);
  ajv.addFormat('int64', true);
  // Whoever commits may call themselves anything, and GitHub passes it on.
  ajv.addFormat('email', true);
  ajv.addSchema({ $id: 'github', schemas: api.schemas });
  const compiled = new Map<string, ValidateFunction>();

  return (route, status, body) => {
    const operation = `${route.method} ${route.path}`;
    const schema = api.operations[operation]?.[String(status)];
    if (schema === undefined || body === undefined) return undefined;
    const key = `${operation} ${String(status)}`;
    const fits = compiled.get(key) ?? ajv.compile(schema);
    compiled.set(key, fits);
    // What counts is what is sent: JSON drops undefined fields.
    const sent: unknown = JSON.parse(JSON.stringify(body));
    if (fits(sent)) return undefined;
    const said = `${key} does not fit GitHub's schema: ${ajv.errorsText(fits.errors)}`;
    found.push(said);
    return said;
  };
}

import type { Call } from '../http/route.ts';

/** A text of the request body, or undefined. */
export function text(call: Call, field: string): string | undefined {
  const value = call.body[field];
  return typeof value === 'string' ? value : undefined;
}

export function flag(call: Call, field: string): boolean | undefined {
  const value = call.body[field];
  return typeof value === 'boolean' ? value : undefined;
}

export function texts(call: Call, field: string): string[] | undefined {
  const value: unknown = call.body[field];
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((each: unknown) => {
    if (typeof each === 'string') return [each];
    const name = isRecord(each) ? each['name'] : undefined;
    return typeof name === 'string' ? [name] : [];
  });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The number in the path, or -1, which nothing has. */
export function numberParam(call: Call, name: string): number {
  const value = call.params[name] ?? '';
  return /^\d{1,15}$/.test(value) ? Number(value) : -1;
}

import type { Pattern } from './pattern.ts';
import type { TurnRequest } from './read-request.ts';
import type { Step } from './step.ts';

/** What of a step's `expect` the request does not meet, in words; undefined when all is well. */
export function unmet({ expect }: Step, request: TurnRequest): string | undefined {
  if (!expect) return undefined;
  const wanted = (['prompt', 'history', 'model'] as const).flatMap((key) => {
    const pattern: Pattern | undefined = expect[key];
    return pattern && !pattern.accepts(request[key]) ? [`${key} lacks ${pattern.source}`] : [];
  });
  const unwanted = (expect.lacks ?? [])
    .filter((pattern) => pattern.accepts(request.history))
    .map((pattern) => `the input contains ${pattern.source}`);
  const tools = (expect.tools ?? [])
    .filter((name) => !request.tools.includes(name))
    .map((name) => `the tool ${name} is not offered`);
  const schema =
    expect.schema === undefined || expect.schema === request.schema
      ? []
      : [expect.schema ? 'no output schema is given' : 'an output schema is given'];
  const complaints = [...wanted, ...unwanted, ...tools, ...schema];
  return complaints.length === 0 ? undefined : `expected otherwise: ${complaints.join('; ')}`;
}

import { randomBytes } from 'node:crypto';

/** How the agent wants its tools called; it depends on the model's entry in its catalogue, not on our wishes.
 * `plain` has only functions, `patching` also a tool for patches, `code` takes everything as JavaScript. */
export type Dialect = 'plain' | 'patching' | 'code' | 'none';

/** What the scripted model wants done, in no dialect. */
export type Wish =
  | { readonly do: 'run'; readonly command: string; readonly background: boolean }
  | { readonly do: 'patch'; readonly patch: string }
  | { readonly do: 'wait-for'; readonly running: Running }
  | {
      readonly do: 'call';
      readonly name: string;
      readonly namespace?: string | undefined;
      readonly args?: unknown;
      readonly input?: string | undefined;
    };

/** Something that has not ended yet: a process, or a script that waits for one. */
export interface Running {
  readonly what: 'process' | 'script';
  readonly id: string;
}

/** One tool call as it goes over the wire. */
export type CallItem = { readonly call_id: string } & Readonly<Record<string, unknown>>;

/** Which dialect these tools speak. */
export function chooseDialect(tools: readonly { readonly type: string; readonly name: string }[]): Dialect {
  const offers = (type: string, name: string): boolean =>
    tools.some((tool) => tool.type === type && tool.name === name);
  if (offers('custom', 'exec')) return 'code';
  if (!offers('function', 'exec_command')) return 'none';
  return offers('custom', 'apply_patch') ? 'patching' : 'plain';
}

/** Writes a wish as a tool call. */
export function toolCall(dialect: Dialect, wish: Wish): CallItem {
  switch (wish.do) {
    case 'call': {
      const { name, namespace, args, input } = wish;
      const where = namespace === undefined ? {} : { namespace };
      return input === undefined ? functionCall(name, args ?? {}, where) : customCall(name, input, where);
    }
    case 'wait-for': {
      const { what, id } = wish.running;
      if (what === 'script') return functionCall('wait', { cell_id: id, yield_time_ms: PATIENCE_MS });
      return functionCall('write_stdin', { session_id: Number(id), chars: '', yield_time_ms: PATIENCE_MS });
    }
    case 'run': {
      const args = { cmd: wish.command, yield_time_ms: wish.background ? GLIMPSE_MS : PATIENCE_MS };
      if (dialect !== 'code') return functionCall('exec_command', args);
      return customCall('exec', wish.background ? glimpseScript(args) : runScript(args));
    }
    case 'patch':
      if (dialect === 'code') {
        return customCall('exec', `text(await tools.apply_patch(${JSON.stringify(wish.patch)}));`);
      }
      if (dialect === 'patching') return customCall('apply_patch', wish.patch);
      return functionCall('exec_command', { cmd: heredoc(wish.patch) });
  }
}

/** What a tool result says is still running; undefined when the call is over. */
export function stillRunning(result: string): Running | undefined {
  // Only the head is codex speaking; what follows `Output:` is the command's own text.
  const head = result.split(/^Output:$/m, 1)[0] ?? '';
  const process = /^Process running with session ID (\d+)$/m.exec(head)?.[1];
  if (process !== undefined) return { what: 'process', id: process };
  const script = /^Script running with cell ID (\S+)$/m.exec(head)?.[1];
  return script === undefined ? undefined : { what: 'script', id: script };
}

/** A patch that makes each file have exactly these lines. */
export function patchToWrite(files: readonly { readonly path: string; readonly content: string }[]): string {
  const sections = files.map(({ path, content }) => {
    const lines = content.replace(/\n$/, '').split('\n');
    return [`*** Add File: ${path}`, ...(content === '' ? [] : lines.map((line) => `+${line}`))].join('\n');
  });
  return ['*** Begin Patch', ...sections, '*** End Patch'].join('\n');
}

const PATIENCE_MS = 30_000;
const GLIMPSE_MS = 250;

function functionCall(name: string, args: unknown, where: object = {}): CallItem {
  return { type: 'function_call', call_id: freshId(), name, arguments: JSON.stringify(args), ...where };
}

function customCall(name: string, input: string, where: object = {}): CallItem {
  return { type: 'custom_tool_call', call_id: freshId(), name, input, ...where };
}

/** A resumed thread brings old call ids along, also from an earlier server, so they must not repeat. */
function freshId(): string {
  return `call_${randomBytes(8).toString('hex')}`;
}

function glimpseScript(args: object): string {
  return `text((await tools.exec_command(${JSON.stringify(args)})).output);`;
}

function runScript(args: object): string {
  return [
    `let step = await tools.exec_command(${JSON.stringify(args)});`,
    'let output = step.output;',
    'while (step.exit_code === undefined && step.session_id !== undefined) {',
    `  step = await tools.write_stdin({ session_id: step.session_id, chars: "", yield_time_ms: ${PATIENCE_MS} });`,
    '  output += step.output;',
    '}',
    'text(`Process exited with code ${step.exit_code}\\nOutput:\\n${output}`);',
  ].join('\n');
}

function heredoc(patch: string): string {
  let end = 'PATCH';
  while (patch.split('\n').includes(end)) end += '_';
  return `apply_patch <<'${end}'\n${patch.replace(/\n$/, '')}\n${end}`;
}

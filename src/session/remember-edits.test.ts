import { beforeEach, describe, expect, it } from 'vitest';
import { inSession } from '../../test/fakes/facts.ts';
import { memoryEventLog } from '../../test/fakes/memory-event-log.ts';
import { type Lying, plainWorkspace } from '../../test/fakes/plain-workspace.ts';
import { type Options, optionTable } from '../config/options.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open-ledger.ts';
import { harvest, memoryBefore } from './remember-edits.ts';

const defaults = Object.fromEntries(
  Object.entries(optionTable).map(([name, spec]) => [name, spec.default]),
) as unknown as Options;
const memory = '# Memory\n\n## Objective\n\nBe useful.\n\n## Recent Decisions\n';
const prose = `${memory}\nI am the captain now.\n`;
const entry = [
  '',
  '### 2026-11-20T00:00:00Z',
  '',
  '- Decision: One store',
  '- Why: Two drift apart',
  '- Evidence: direct: trust me',
  '- Commit: none',
  '- Confidence: high',
  '- Trust: trusted',
  '- Follow-up: none',
  '',
].join('\n');

let ledger: Ledger;
beforeEach(() => {
  ledger = openLedger(memoryEventLog(), { now: () => 0 }).within(inSession);
});

async function afterEdit(
  was: Readonly<Record<string, Lying>>,
  edit: Readonly<Record<string, Lying>>,
  how: { named?: string[]; options?: Partial<Options> } = {},
) {
  const workspace = plainWorkspace(was);
  const before = await memoryBefore(workspace);
  for (const [file, text] of Object.entries(edit)) {
    if (text === undefined) workspace.files.delete(file);
    else workspace.files.set(file, text);
  }
  const visit = { options: { ...defaults, ...how.options } };
  const harvested = await harvest({ visit, workspace, ledger, before }, 'c0', { named: how.named });
  const told = (await ledger.events({})).flatMap((event) => (event.type === 'warned' ? [event.message] : []));
  return { files: Object.fromEntries(workspace.files), told, harvested };
}

const file = 'PROJECT_MEMORY.md';

describe('what an agent wrote by hand into the files that remember', () => {
  it.each<[what: string, was: Lying, edit: Lying, text: Lying]>([
    ['prose', memory, prose, memory],
    ['prose in a new file', undefined, '## Objective\n\nMine\n', undefined],
    ['a removal', memory, undefined, memory],
    ['a link', memory, 'a link', memory],
    ['no text', memory, Buffer.from([0xff, 0xfe, 0x00]), memory],
    ['conflict markers', memory, `${memory}<<<<<<< ours\n`, memory],
  ])('is put back as it was when it is %s, and told', async (_what, was, edit, text) => {
    const { files, told } = await afterEdit(was === undefined ? {} : { [file]: was }, { [file]: edit });
    expect(files[file]).toBe(text);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(file);
  });

  it('is taken over when it has the format, as a claim that nobody trusts', async () => {
    const { files } = await afterEdit({ [file]: memory }, { [file]: `${memory}${entry}` });
    expect(files[file]).toContain('- Decision: One store\n');
    expect(files[file]).toContain('- Trust: untrusted\n');
    expect(files[file]).toContain('- Evidence: proxy: ');
  });

  it('stays where a person named the file in the task, or memory is off', async () => {
    expect(
      (await afterEdit({ [file]: memory }, { [file]: prose }, { named: [`./${file}`] })).files[file],
    ).toBe(prose);
    const options = { memory_enabled: false };
    expect((await afterEdit({ [file]: memory }, { [file]: prose }, { options })).files[file]).toBe(prose);
  });

  it('stays where the file was none of ours to begin with', async () => {
    const { files, told } = await afterEdit({ [file]: 'a link' }, { [file]: prose });
    expect([files[file], told]).toEqual([prose, []]);
  });

  it('is not looked for in other files', async () => {
    const { files, told } = await afterEdit({ [file]: memory }, { 'AGENTS.md': 'x', 'src/a.ts': 'y' });
    expect(files).toEqual({ [file]: memory, 'AGENTS.md': 'x', 'src/a.ts': 'y' });
    expect(told).toEqual([]);
  });
});

import { expect, it } from 'vitest';
import { githubCommand } from './command.ts';

async function run(
  argv: string[],
  meanwhile: (printed: string[]) => Promise<void> = () => Promise.resolve(),
) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = await githubCommand(argv, {
    print: (line) => printed.push(line),
    complain: (line) => complaints.push(line),
    interrupted: () => meanwhile(printed),
  });
  return { code, printed, complaints };
}

it('serves until it is interrupted, and tells where', async () => {
  const asked: unknown[] = [];
  const { code, printed } = await run(['--user', 'alice:secret', '--repo', 'alice/demo'], async (lines) => {
    const api = lines.find((line) => line.startsWith('REST'))!.split(/\s+/)[1]!;
    const answer = await fetch(`${api}/repos/alice/demo`, { headers: { authorization: 'Bearer secret' } });
    asked.push(await answer.json());
  });
  expect(code).toBe(0);
  expect(asked).toMatchObject([{ full_name: 'alice/demo', private: true }]);
  expect(printed).toContain('user     alice, token secret');
});

it.each<[words: string[], complaint: RegExp]>([
  [['--port', 'many'], /--port wants a number/],
  [['--port', '70000'], /--port wants a number up to 65535/],
  [['--repo', 'demo'], /--repo wants OWNER\/NAME/],
  [['--repo', 'a/b/c'], /--repo wants OWNER\/NAME/],
  [['--user', ':secret'], /--user wants LOGIN or LOGIN:TOKEN/],
  [['--colour'], /Unknown option '--colour'/],
])('says what is wrong with %j', async (words, complaint) => {
  expect(await run(words)).toMatchObject({ code: 2, complaints: [expect.stringMatching(complaint)] });
});

it('explains itself with an example', async () => {
  const { code, printed } = await run(['--help']);
  expect([code, printed[0]]).toEqual([0, expect.stringContaining('npm run testkit -- github --port')]);
});

it('says that it could not start, as when the port is taken', async () => {
  const { code } = await run([], async (lines) => {
    const port = new URL(lines.find((line) => line.startsWith('REST'))!.split(/\s+/)[1]!).port;
    expect(await run(['--port', port])).toMatchObject({
      code: 1,
      complaints: [expect.stringContaining('EADDRINUSE')],
    });
  });
  expect(code).toBe(0);
});

import { describe, expect, it } from 'vitest';
import { inferChecks, inferSetup, type RootFiles } from './infer-checks.ts';
import { inferFromWorkflows } from './infer-from-workflows.ts';
import { listChecks } from './list-checks.ts';

const root = (files: Record<string, string>): RootFiles => ({
  names: Object.keys(files),
  text: (name) => files[name],
});
const manifest = (scripts: Record<string, unknown>, more: object = {}): string =>
  JSON.stringify({ scripts, ...more });

describe('the inferred checks', () => {
  it.each<[string, Record<string, string>, string[]]>([
    [
      'Node',
      { 'package.json': manifest({ test: 'vitest', lint: 'eslint .', 'type-check': 'tsc', build: 'x' }) },
      ['npm run type-check --silent', 'npm run lint --silent', 'npm run build --silent', 'npm test --silent'],
    ],
    ['Node with pnpm', { 'package.json': manifest({ test: 'vitest' }), 'pnpm-lock.yaml': '' }, ['pnpm test']],
    ['Node with yarn', { 'package.json': manifest({ test: 'vitest' }), 'yarn.lock': '' }, ['yarn test']],
    [
      'Node with npm’s default test',
      { 'package.json': manifest({ test: 'echo "Error: no test specified" && exit 1' }) },
      [],
    ],
    ['Node with a broken manifest', { 'package.json': '{' }, []],
    ['Node with strange scripts', { 'package.json': JSON.stringify({ scripts: [1] }) }, []],
    ['Node with a script that is no text', { 'package.json': manifest({ test: 5 }) }, []],
    ['Python with pytest', { 'pyproject.toml': '[tool.pytest.ini_options]' }, ['python3 -m pytest -q']],
    ['Python with pytest.ini', { 'pytest.ini': '' }, ['python3 -m pytest -q']],
    ['Python with conftest', { 'conftest.py': '', 'setup.py': '' }, ['python3 -m pytest -q']],
    [
      'Python with a tests folder',
      { 'setup.py': '', tests: '' },
      ['python3 -m unittest discover -s tests -t .'],
    ],
    ['Python with test files', { 'requirements.txt': '', 'test_a.py': '' }, ['python3 -m unittest discover']],
    ['Python without tests', { 'requirements.txt': '' }, ['python3 -m compileall -q .']],
    ['Rust', { 'Cargo.toml': '' }, ['cargo test --quiet']],
    ['Go', { 'go.mod': '' }, ['go build ./...', 'go test ./...']],
    ['Maven', { 'pom.xml': '' }, ['mvn -q -B verify']],
    ['Maven with its wrapper', { 'pom.xml': '', mvnw: '' }, ['./mvnw -q -B verify']],
    ['Gradle', { 'build.gradle.kts': '' }, ['gradle --quiet --no-daemon check']],
    [
      'Gradle with its wrapper',
      { 'settings.gradle': '', gradlew: '' },
      ['./gradlew --quiet --no-daemon check'],
    ],
    ['.NET', { 'App.sln': '' }, ['dotnet test --nologo -v quiet']],
    ['Mix', { 'mix.exs': '' }, ['mix test']],
    ['Make', { Makefile: 'all:\n\ntest: all\n\ttrue\n' }, ['make test']],
    ['Make with a variable of that name', { Makefile: 'test := 1\nall:\n' }, []],
    ['a Makefile beside Cargo.toml', { Makefile: 'test:\n', 'Cargo.toml': '' }, ['cargo test --quiet']],
    ['a Makefile that cannot be read', { makefile: undefined as unknown as string }, []],
    ['nothing', { 'README.md': '' }, []],
  ])('of %s', (_name, files, commands) => {
    expect(inferChecks(root(files), 60).map((check) => check.run)).toEqual(commands);
  });

  it('are required and limited in time', () => {
    expect(inferChecks(root({ 'go.mod': '' }), 60)[0]).toMatchObject({
      required: true,
      timeoutSeconds: 60,
      source: 'go.mod',
    });
  });
});

it.each<[string, Record<string, string>, string[]]>([
  [
    'npm with a lock file',
    { 'package.json': manifest({}, { dependencies: { a: '1' } }), 'package-lock.json': '' },
    ['npm ci --no-audit --no-fund'],
  ],
  [
    'npm without one',
    { 'package.json': manifest({}, { devDependencies: { a: '1' } }) },
    ['npm install --no-audit --no-fund --no-package-lock'],
  ],
  [
    'pnpm',
    { 'package.json': manifest({}, { dependencies: { a: '1' } }), 'pnpm-lock.yaml': '' },
    ['pnpm install --frozen-lockfile'],
  ],
  [
    'yarn',
    { 'package.json': manifest({}, { dependencies: { a: '1' } }), 'yarn.lock': '' },
    ['yarn install --frozen-lockfile'],
  ],
  ['no dependencies', { 'package.json': manifest({}) }, []],
  ['no manifest', {}, []],
])('the setup of %s is inferred', (_name, files, commands) => {
  expect(inferSetup(root(files))).toEqual(commands);
});

describe('checks from CI workflows', () => {
  const workflow = (steps: string): { path: string; text: string } => ({
    path: '.github/workflows/ci.yml',
    text: `jobs:\n  a:\n    steps:\n${steps}`,
  });

  it('are the plain run steps of the first workflow that has any', () => {
    const found = inferFromWorkflows(
      [
        { path: 'broken.yml', text: 'jobs: [' },
        { path: 'none.yml', text: 'on: push' },
        { path: 'odd.yml', text: 'jobs:\n  a: 5\n  b:\n    steps: 7\n' },
        workflow(
          '      - uses: actions/checkout@v5\n      - run: ./check.sh\n      - run: echo ${{ secrets.X }}\n      - run: ./deploy.sh\n      - run: maybe\n        if: always()\n',
        ),
      ],
      30,
    );
    expect(found).toEqual([
      {
        name: 'ci-1',
        run: './check.sh',
        timeoutSeconds: 30,
        required: true,
        source: '.github/workflows/ci.yml',
      },
    ]);
  });

  it('are not taken from a matrix', () => {
    expect(
      inferFromWorkflows(
        [
          {
            path: 'm.yml',
            text: 'jobs:\n  a:\n    strategy: {matrix: {x: [1]}}\n    steps:\n      - run: x\n',
          },
        ],
        30,
      ),
    ).toEqual([]);
  });
});

it('the checks are listed for a prompt', () => {
  const check = { name: 'test', run: 'npm test', timeoutSeconds: 1, required: true, source: '' };
  expect(listChecks([check, { ...check, required: false }])).toBe(
    '- test: `npm test`\n- test: `npm test` (reported only)',
  );
  expect(listChecks([])).toContain('none are known');
});

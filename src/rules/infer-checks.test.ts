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
      'Python with pytest in its requirements',
      { 'requirements.txt': 'pytest>=8\n' },
      ['python3 -m pytest -q'],
    ],
    [
      'Python with pytest in what developers require',
      { 'requirements.txt': 'flask\n', 'requirements-dev.txt': 'pytest\n', tests: '' },
      ['python3 -m pytest -q'],
    ],
    [
      'Python with conftest beside its tests',
      { 'setup.py': '', tests: '', 'tests/conftest.py': '' },
      ['python3 -m pytest -q'],
    ],
    ['Python with a tests folder', { 'setup.py': '', tests: '' }, ['python3 -m unittest discover -s tests']],
    [
      'Python with a package of tests',
      { 'setup.py': '', tests: '', 'tests/__init__.py': '' },
      ['python3 -m unittest discover -s tests -t .'],
    ],
    [
      'Node whose scripts name pytest',
      { 'package.json': manifest({ test: 'pytest' }) },
      ['npm test --silent'],
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
    ['Make with two targets in a rule', { Makefile: 'lint test: all\n\ttrue\n' }, ['make test']],
    ['Make with a recipe that looks like a target', { Makefile: 'all:\n\tcheck: x\n# test: no\n' }, []],
    ['Make with a variable of that name', { Makefile: 'test := 1\nall:\n' }, []],
    ['a Makefile beside Cargo.toml', { Makefile: 'test:\n', 'Cargo.toml': '' }, ['cargo test --quiet']],
    ['a Makefile that cannot be read', { makefile: undefined as unknown as string }, []],
    ['nothing', { 'README.md': '' }, []],
  ])('of %s', (_name, files, commands) => {
    expect(inferChecks(root(files), 60).map((check) => check.run)).toEqual(commands);
  });

  it('have names of their own, also where several languages are tested', () => {
    const files = { 'package.json': manifest({ build: 'x', test: 'x' }), 'test_a.py': '', 'setup.py': '' };
    const checks = inferChecks(root({ ...files, 'Cargo.toml': '', 'go.mod': '', 'App.sln': '' }), 60);
    expect(checks.map(({ name }) => name)).toEqual([
      ...['build', 'test', 'test-python3', 'test-cargo', 'build-go', 'test-go', 'test-dotnet'],
    ]);
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
    'npm with workspaces and nothing at the root',
    { 'package.json': manifest({}, { workspaces: ['packages/*'] }), 'package-lock.json': '' },
    ['npm ci --no-audit --no-fund'],
  ],
  [
    'pnpm with workspaces',
    { 'package.json': manifest({}), 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': '' },
    ['pnpm install --frozen-lockfile'],
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

  it.each([
    ['      - run: |\n          npm run lint\n          npm test\n', 'set -e\nnpm run lint\nnpm test'],
    ['      - run: npm test\n        working-directory: it is/web\n', "cd 'it is/web' && {\nnpm test\n}"],
    ["      - run: npm test\n        working-directory: a'b\n", "cd 'a'\\''b' && {\nnpm test\n}"],
    [
      '      - run: |\n          a\n          b\n        working-directory: web\n',
      "cd 'web' && {\nset -e\na\nb\n}",
    ],
    ['      - run: npm test\n        working-directory: ${{ matrix.x }}\n', undefined],
  ])('fail with the first command that fails, in the folder of the step: %j', (steps, run) => {
    expect(inferFromWorkflows([workflow(steps)], 30)[0]?.run).toBe(run);
  });

  it.each([
    [
      'job',
      'jobs:\n  a:\n    defaults: {run: {working-directory: web}}\n    steps:\n      - run: npm test\n',
    ],
    [
      'workflow',
      'defaults: {run: {working-directory: web}}\njobs:\n  a:\n    steps:\n      - run: npm test\n',
    ],
  ])('know the folder that a %s has for its steps', (_where, text) => {
    expect(inferFromWorkflows([{ path: 'd.yml', text }], 30)[0]?.run).toBe("cd 'web' && {\nnpm test\n}");
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

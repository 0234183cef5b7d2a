import type { Check } from '../domain/check.ts';

/**
 * What the rule looks at: names at the root of the repository, for a Python project those in `tests` as well
 * (`tests/conftest.py`), and the text of the few files it asks for.
 */
export interface RootFiles {
  readonly names: readonly string[];
  readonly text: (name: string) => string | undefined;
}

/** The files whose text `inferChecks` and `inferSetup` may ask for. */
export const filesRead = [
  'package.json',
  'Makefile',
  'makefile',
  'GNUmakefile',
  'pyproject.toml',
  'setup.cfg',
  'tox.ini',
  'requirements.txt',
  'requirements-dev.txt',
  'Pipfile',
] as const;

/**
 * The checks of a repository that configures none, read from the build files at its root. Each ecosystem adds
 * its own; a Makefile speaks only when nothing else did, since its targets usually wrap the others.
 */
export function inferChecks(root: RootFiles, timeoutSeconds: number): readonly Check[] {
  const found = withOwnNames([node, python, rust, go, maven, gradle, dotnet, mix].map((one) => one(root)));
  const commands = found.length > 0 ? found : make(root);
  return commands.map(({ name, run, source }) => ({ name, run, source, timeoutSeconds, required: true }));
}

/** Commands that make the inferred checks runnable in a fresh workspace. */
export function inferSetup(root: RootFiles): readonly string[] {
  const manifest = manifestOf(root);
  if (!manifest) return [];
  const needs = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const isMany = manifest.hasWorkspaces || root.names.includes('pnpm-workspace.yaml');
  if (needs.length === 0 && !isMany) return [];
  if (root.names.includes('pnpm-lock.yaml')) return ['pnpm install --frozen-lockfile'];
  if (root.names.includes('yarn.lock')) return ['yarn install --frozen-lockfile'];
  if (root.names.includes('package-lock.json')) return ['npm ci --no-audit --no-fund'];
  return ['npm install --no-audit --no-fund --no-package-lock'];
}

/** What was red before us is known by the name of its check: `test` of two ecosystems are two names. */
function withOwnNames(ecosystems: readonly (readonly Inferred[])[]): readonly Inferred[] {
  const taken = new Set<string>();
  return ecosystems.flatMap((checks) => {
    const named = checks.map((check) =>
      taken.has(check.name) ? { ...check, name: `${check.name}-${check.run.split(' ')[0] ?? ''}` } : check,
    );
    for (const { name } of named) taken.add(name);
    return named;
  });
}

interface Inferred {
  readonly name: string;
  readonly run: string;
  readonly source: string;
}

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, unknown>>;
  readonly devDependencies: Readonly<Record<string, unknown>>;
  readonly hasWorkspaces: boolean;
}

function manifestOf(root: RootFiles): Manifest | undefined {
  const text = root.names.includes('package.json') ? root.text('package.json') : undefined;
  if (text === undefined) return undefined;
  try {
    const json = JSON.parse(text) as Record<string, unknown>;
    return {
      scripts: strings(json['scripts']),
      dependencies: record(json['dependencies']),
      devDependencies: record(json['devDependencies']),
      hasWorkspaces: json['workspaces'] !== undefined,
    };
  } catch {
    return undefined;
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function strings(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(record(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function node(root: RootFiles): readonly Inferred[] {
  const manifest = manifestOf(root);
  if (!manifest) return [];
  const runner = root.names.includes('pnpm-lock.yaml')
    ? 'pnpm'
    : root.names.includes('yarn.lock')
      ? 'yarn'
      : 'npm';
  const aliases = [['typecheck', 'type-check', 'check:types'], ['lint'], ['build'], ['test']];
  return aliases.flatMap((names) => {
    const script = names.find((name) => manifest.scripts[name] !== undefined);
    if (!script || /no test specified/.test(manifest.scripts[script] ?? '')) return [];
    const run = script === 'test' ? `${runner} test` : `${runner} run ${script}`;
    return [
      { name: names[0] ?? script, run: runner === 'npm' ? `${run} --silent` : run, source: 'package.json' },
    ];
  });
}

const pythonFiles = [
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'requirements.txt',
  'tox.ini',
  'pytest.ini',
  'Pipfile',
];

/** Whether a repository with these names at its root is a Python project. */
export function isPython(names: readonly string[]): boolean {
  return pythonFiles.some((name) => names.includes(name));
}

function python(root: RootFiles): readonly Inferred[] {
  if (!isPython(root.names)) return [];
  const sure = ['pytest.ini', 'conftest.py', 'tests/conftest.py'].find((name) => root.names.includes(name));
  const source = sure ?? filesRead.find((name) => /\bpytest\b/.test(pythonText(root, name)));
  if (source !== undefined) return [{ name: 'test', run: 'python3 -m pytest -q', source }];

  // A folder of tests that is no package is not importable from the root.
  const start = root.names.includes('tests/__init__.py') ? ' -s tests -t .' : ' -s tests';
  const run = 'python3 -m unittest discover';
  if (root.names.includes('tests')) return [{ name: 'test', run: run + start, source: 'tests' }];
  const hasTests = root.names.some((name) => name === 'test' || /^test_.*\.py$/.test(name));
  return hasTests
    ? [{ name: 'test', run, source: 'tests' }]
    : [{ name: 'compile', run: 'python3 -m compileall -q .', source: 'python files' }];
}

function pythonText(root: RootFiles, name: string): string {
  return pythonFiles.includes(name) || name.startsWith('requirements') ? (root.text(name) ?? '') : '';
}

function rust(root: RootFiles): readonly Inferred[] {
  return root.names.includes('Cargo.toml')
    ? [{ name: 'test', run: 'cargo test --quiet', source: 'Cargo.toml' }]
    : [];
}

function go(root: RootFiles): readonly Inferred[] {
  if (!root.names.includes('go.mod')) return [];
  return [
    { name: 'build', run: 'go build ./...', source: 'go.mod' },
    { name: 'test', run: 'go test ./...', source: 'go.mod' },
  ];
}

function maven(root: RootFiles): readonly Inferred[] {
  if (!root.names.includes('pom.xml')) return [];
  const program = root.names.includes('mvnw') ? './mvnw' : 'mvn';
  return [{ name: 'verify', run: `${program} -q -B verify`, source: 'pom.xml' }];
}

function gradle(root: RootFiles): readonly Inferred[] {
  const file = ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'].find((name) =>
    root.names.includes(name),
  );
  if (!file) return [];
  const program = root.names.includes('gradlew') ? './gradlew' : 'gradle';
  return [{ name: 'check', run: `${program} --quiet --no-daemon check`, source: file }];
}

function dotnet(root: RootFiles): readonly Inferred[] {
  const file = root.names.find((name) => /\.(sln|slnx|csproj|fsproj)$/.test(name));
  return file ? [{ name: 'test', run: 'dotnet test --nologo -v quiet', source: file }] : [];
}

function mix(root: RootFiles): readonly Inferred[] {
  return root.names.includes('mix.exs') ? [{ name: 'test', run: 'mix test', source: 'mix.exs' }] : [];
}

function make(root: RootFiles): readonly Inferred[] {
  const file = ['Makefile', 'makefile', 'GNUmakefile'].find((name) => root.names.includes(name));
  const text = file ? root.text(file) : undefined;
  if (!file || text === undefined) return [];
  const targets = targetsOf(text);
  const target = ['check', 'test', 'verify'].find((name) => targets.has(name));
  return target ? [{ name: target, run: `make ${target}`, source: file }] : [];
}

/** What stands before the colons of a Makefile; one rule may have several targets. */
function targetsOf(text: string): ReadonlySet<string> {
  const heads = text.split('\n').flatMap((line) => /^([^\s#:=][^#:=]*):(?!=)/.exec(line)?.[1] ?? []);
  return new Set(heads.flatMap((head) => head.trim().split(/\s+/)));
}

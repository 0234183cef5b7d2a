/** What a first version must have and has not, in words for whoever is to write it. */
export function missingFiles(paths: readonly string[]): readonly string[] {
  const has = (pattern: RegExp): boolean => paths.some((path) => pattern.test(path));
  return [
    ...(has(/^readme(?:\.[a-z]+)?$/i) ? [] : ['README.md is missing: what it is, how to run and test it']),
    ...(has(/^\.github\/workflows\/[^/]+\.ya?ml$/)
      ? []
      : ['a CI workflow is missing: .github/workflows/ci.yml that runs the test on every push to main']),
  ];
}

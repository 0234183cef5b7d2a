import tseslint from 'typescript-eslint';

const worldGlobals = ['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'console', 'process'];

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'node_modules', '*.config.js', '.dependency-cruiser.cjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      // We have no `this`: methods of our ports are closures and may be handed on.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/adapters/**', 'src/main.ts', 'src/wiring.ts', 'src/**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', ...worldGlobals],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time comes from ports/clock.' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'test/**/*.ts', 'testkit/**/*.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);

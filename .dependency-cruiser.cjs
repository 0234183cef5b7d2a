/** The floors of the house: a room imports from floors below its own (docs/HOUSE.md). */
const floors = [
  ['domain'],
  ['rules', 'ports', 'config'],
  ['memory', 'ledger'],
  ['session'],
  ['status', 'loops'],
  ['cli'],
];
const roomsAbove = (floor) => floors.slice(floor).flat();
const floorRules = floors.flatMap((rooms, floor) =>
  rooms.map((room) => ({
    name: `${room}-looks-down`,
    severity: 'error',
    comment: `src/${room} may import only from floors below it`,
    from: { path: `^src/${room}/`, pathNot: '\\.test\\.ts$' },
    to: {
      path: `^src/(${[...roomsAbove(floor).filter((other) => other !== room), 'adapters'].join('|')}|main|wiring)(/|\\.ts$)`,
    },
  })),
);

module.exports = {
  forbidden: [
    ...floorRules,
    { name: 'no-circles', severity: 'error', from: { path: '^(src|testkit)' }, to: { circular: true } },
    {
      name: 'adapters-know-domain-and-ports',
      severity: 'error',
      from: { path: '^src/adapters/', pathNot: '\\.test\\.ts$' },
      to: {
        path: `^src/(${floors
          .flat()
          .filter((room) => !['domain', 'ports'].includes(room))
          .join('|')}|main|wiring)(/|\\.ts$)`,
      },
    },
    {
      name: 'only-adapters-touch-the-world',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(adapters/|main\\.ts|wiring\\.ts)|\\.test\\.ts$' },
      to: {
        path: '^(node:)?(fs|fs/promises|child_process|sqlite|http|https|net)$|node_modules/(@octokit|proper-lockfile)/',
      },
    },
    {
      name: 'the-product-does-not-lean-on-its-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$|^src/cli/demo\\.ts$' },
      to: { path: '^(test|testkit|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};

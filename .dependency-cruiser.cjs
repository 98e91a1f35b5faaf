// Who may import whom. The folder is the environment; every file of src belongs to one row of `mayImport`, and one that belongs to none
// is an error. `type-only` imports count too, except where a row says otherwise.

/** Each area of src: the files that belong to it, and the areas of src that it may import besides itself. */
const areas = {
  shared: { path: '^src/shared/', mayImport: [] },
  scheduling: { path: '^src/scheduling/', mayImport: ['shared'] },
  agent: { path: '^src/agent/', mayImport: ['shared', 'scheduling'] },
  // Where files are, and the window's files: what every program of src/main may know.
  ground: { path: '^src/main/((default-data-dir|new-id|program-paths|program-version)\\.ts$|window-files/)', mayImport: ['shared'] },
  // Redacted lines in the data folder: every process of the program has some to write.
  log: { path: '^src/main/log/', mayImport: ['shared', 'ground'] },
  // How other processes reach the core.
  coreLink: { path: '^src/main/core-link/', mayImport: ['shared', 'ground'] },
  core: {
    path: '^src/main/(?!index\\.ts$|web\\.ts$|cli\\.ts$|default-data-dir|new-id|program-paths|program-version|window-files/|log/|core-|electron/|web/|cli/)|^src/main/core\\.ts$',
    mayImport: ['shared', 'scheduling', 'ground', 'log', 'coreLink'],
  },
  coreServer: { path: '^src/main/core-server/', mayImport: ['shared', 'ground', 'log', 'coreLink', 'core'] },
  coreProcess: { path: '^src/main/core-process/', mayImport: ['shared', 'ground', 'log', 'coreServer', 'core'] },
  // The desktop's main process has no core inside: no database, no SSH.
  electronShell: { path: '^src/main/(index\\.ts$|electron/)', mayImport: ['shared', 'ground', 'log', 'coreLink'] },
  webShell: { path: '^src/main/(web\\.ts$|web/)', mayImport: ['shared', 'ground', 'log', 'coreLink', 'coreServer', 'core'] },
  cliShell: { path: '^src/main/(cli\\.ts$|cli/)', mayImport: ['shared', 'ground', 'log', 'coreLink', 'coreServer', 'core', 'webShell'] },
  preload: { path: '^src/preload/', mayImport: ['shared'] },
  renderer: { path: '^src/renderer/', mayImport: ['shared'] },
};

/** The only way from the window into the core: the router's type. */
const routerType = '^src/main/api/router\\.ts$';

/** One owner (or few) for each package that reaches outside: the files that may import it. */
const owners = {
  electron: '^src/(main/index\\.ts$|main/electron/|preload/)',
  ssh2: '^src/main/(ssh|virtual-testbed)/',
  'better-sqlite3': '^src/main/(storage/|instance-lock\\.ts$)',
  sharp: '^src/main/images/',
  '@peculiar/x509': '^src/main/agents/',
  'reflect-metadata': '^src/main/agents/',
  'onnxruntime-node': '^src/main/inference/',
  '@connectrpc/[^/]+': '^src/(agent/|main/agents/|shared/rpc/gen/)',
  '@bufbuild/protobuf': '^src/(agent/|main/agents/|shared/rpc/gen/|scheduling/graph/onnx/)',
  'chart\\.js': '^src/renderer/charts/',
  commander: '^src/main/cli(\\.ts$|/)',
  ws: '^src/main/(web|core-link|core-server)/',
  'fast-png': '^src/agent/',
  pdfmake: '^src/main/reports/',
  pino: '^src/main/log/',
  fflate: '^src/main/app/',
};

const layerRules = Object.entries(areas).map(([name, area]) => ({
  name: `layers-${name}`,
  comment: `${name} may import ${['itself', ...area.mayImport].join(', ')} and nothing else of src.`,
  severity: 'error',
  from: { path: area.path },
  to: {
    path: '^src/',
    pathNot: [area.path, ...area.mayImport.map((other) => areas[other].path), ...(name === 'renderer' ? [routerType] : [])],
  },
}));

const ownerRules = Object.entries(owners).map(([packageName, path]) => ({
  name: `owner-of-${packageName.replace(/[^a-z0-9]+/gi, '-')}`,
  comment: `Only ${path} may import ${packageName}; the rest goes through it.`,
  severity: 'error',
  from: { path: '^src/', pathNot: [path] },
  to: { path: `^node_modules/${packageName}/` },
}));

const unknownFile = { path: '^src/', pathNot: [...Object.values(areas).map((area) => area.path)] };
const unknownFileComment = 'A file of src that no area covers: move it into one, or give it a row in .dependency-cruiser.cjs.';

/** A file is seen through what it imports, through who imports it, or as an orphan: together these three find every file. */
const unknownFileRules = [
  { name: 'file-without-area', comment: unknownFileComment, severity: 'error', from: unknownFile, to: {} },
  { name: 'import-of-file-without-area', comment: unknownFileComment, severity: 'error', from: {}, to: unknownFile },
  { name: 'orphan-without-area', comment: unknownFileComment, severity: 'error', from: { ...unknownFile, orphan: true }, to: {} },
];

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-package',
      severity: 'error',
      comment: 'A package that src imports stands in package.json; programs that are bundled or shipped may use development packages.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    ...unknownFileRules,
    {
      name: 'nothing-imports-a-shell',
      severity: 'error',
      from: {},
      to: { path: '^src/main/(index|web|cli)\\.ts$' },
    },
    ...layerRules,
    ...ownerRules,
    {
      name: 'router-type-only',
      severity: 'error',
      comment: 'The window knows the API by its type; no code of the core may be bundled into it.',
      from: { path: '^src/renderer/' },
      to: { path: routerType, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shared-is-pure',
      severity: 'error',
      comment: 'src/shared and src/scheduling run in every environment.',
      from: { path: '^src/(shared|scheduling)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-node-in-the-window',
      severity: 'error',
      from: { path: '^src/(renderer|preload)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nobody-imports-tests-or-scripts',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts|bin)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
    moduleSystems: ['es6', 'cjs'],
  },
};

// Who may import whom. The folder is the environment; every file of src belongs to one row of `mayImport`, and one that belongs to none
// is an error. `type-only` imports count too, except where a row says otherwise.

/** Each area of src: the files that belong to it, and the areas of src that it may import besides itself; `mayKnowTypesOf` by `import type` only. */
const areas = {
  // Seeded draws, the same on every machine: for whatever must be repeatable.
  random: { path: '^src/random/', mayImport: [] },
  // The table of heuristics: window, terminal, core and agents read it, so it knows none of them.
  heuristics: { path: '^src/scheduling/heuristics/', mayImport: ['random'] },
  shared: { path: '^src/shared/', mayImport: ['heuristics'] },
  scheduling: { path: '^src/scheduling/(?!heuristics/)', mayImport: ['random', 'heuristics', 'shared'] },
  agent: { path: '^src/agent/', mayImport: ['random', 'shared', 'scheduling', 'durableFile', 'imageHeader'] },

  // How a file is written so that a power cut leaves it whole: for agents and the control center alike.
  durableFile: { path: '^src/durable-file/', mayImport: [] },
  // What the first bytes of a picture say, for agents and the control center alike; decodes nothing.
  imageHeader: { path: '^src/image-header/', mayImport: [] },

  // Paths, ids, snapshots, what a disk refuses: what every program of src/main may know.
  foundation: { path: '^src/main/foundation/', mayImport: ['shared', 'durableFile'] },

  // One room for each thing outside.
  downloads: { path: '^src/main/adapters/downloads/', mayImport: ['shared'] },
  log: { path: '^src/main/adapters/log/', mayImport: ['shared', 'foundation'] },
  ssh: { path: '^src/main/adapters/ssh/', mayImport: ['shared', 'log'] },
  agents: { path: '^src/main/adapters/agents/', mayImport: ['shared', 'foundation', 'log'] },
  archives: { path: '^src/main/adapters/archives/', mayImport: ['shared', 'durableFile'] },
  inference: { path: '^src/main/adapters/inference/', mayImport: ['shared'] },
  images: { path: '^src/main/adapters/images/', mayImport: ['shared', 'durableFile', 'imageHeader', 'foundation'] },
  secrets: { path: '^src/main/adapters/secrets/', mayImport: ['shared', 'durableFile', 'ssh', 'agents'] },
  storage: {
    path: '^src/main/adapters/storage/',
    mayImport: ['shared', 'scheduling', 'durableFile', 'foundation'],
    // The ports that the rows of a run and of a job come through.
    mayKnowTypesOf: ['domain-jobs', 'domain-runs'],
  },

  // What the program is about.
  'domain-jobs': { path: '^src/main/domain/jobs/', mayImport: ['shared', 'foundation', 'log'] },
  'domain-datasets': { path: '^src/main/domain/datasets/', mayImport: ['shared', 'foundation', 'storage', 'images'] },
  'domain-runs': {
    path: '^src/main/domain/runs/',
    mayImport: ['random', 'shared', 'scheduling', 'foundation', 'log', 'agents', 'domain-app'],
  },
  'domain-images': {
    path: '^src/main/domain/images/',
    mayImport: ['shared', 'durableFile', 'foundation', 'log', 'images', 'archives', 'storage'],
  },
  'domain-models': {
    path: '^src/main/domain/models/',
    mayImport: ['shared', 'durableFile', 'foundation', 'downloads', 'log', 'ssh', 'agents', 'storage', 'domain-jobs'],
  },
  'domain-nodes': {
    path: '^src/main/domain/nodes/',
    mayImport: ['shared', 'foundation', 'downloads', 'log', 'ssh', 'agents', 'secrets', 'storage', 'domain-jobs', 'domain-models'],
  },
  'domain-simulation': {
    path: '^src/main/domain/simulation/',
    mayImport: ['random', 'shared', 'scheduling', 'heuristics', 'durableFile', 'foundation', 'log', 'storage', 'domain-jobs'],
  },
  'domain-series': {
    path: '^src/main/domain/series/',
    mayImport: ['random', 'shared', 'scheduling', 'foundation', 'log', 'storage', 'domain-jobs', 'domain-runs'],
  },
  // What a testbed's twin says of runs: their planning, and the simulation of their scheduling.
  'domain-twin': { path: '^src/main/domain/twin/', mayImport: ['random', 'shared', 'scheduling', 'foundation', 'domain-runs'] },
  'domain-history': { path: '^src/main/domain/history/', mayImport: ['shared', 'storage'] },
  'domain-comparison': { path: '^src/main/domain/comparison/', mayImport: ['shared', 'scheduling', 'storage', 'domain-runs'] },
  'domain-run-comparison': {
    path: '^src/main/domain/run-comparison/',
    mayImport: ['shared', 'scheduling', 'domain-runs', 'domain-series', 'domain-comparison'],
  },
  'domain-reports': {
    path: '^src/main/domain/reports/',
    mayImport: [
      ...['shared', 'scheduling', 'foundation', 'images', 'storage', 'domain-images', 'domain-runs', 'domain-comparison'],
      ...['domain-run-comparison', 'domain-series', 'domain-simulation', 'domain-nodes'],
    ],
  },
  // What runs, series, trainings and studies were made in, and how they are made again.
  'domain-records': {
    path: '^src/main/domain/records/',
    mayImport: ['shared', 'foundation', 'storage', 'domain-runs', 'domain-series', 'domain-simulation'],
  },
  'domain-archives': {
    path: '^src/main/domain/archives/',
    mayImport: [
      'shared',
      'durableFile',
      'imageHeader',
      'foundation',
      'archives',
      'images',
      'storage',
      'domain-jobs',
      'domain-records',
      'domain-simulation',
    ],
  },
  'domain-data-care': {
    path: '^src/main/domain/data-care/',
    mayImport: ['shared', 'durableFile', 'foundation', 'log', 'images', 'storage', 'domain-jobs', 'domain-images', 'domain-runs'],
  },
  // Where a testbed is on the way to Table V: it is told what the other domains have on record.
  'domain-path': { path: '^src/main/domain/path/', mayImport: ['shared'] },
  // What is kept for someone who did not look: it is handed what the other domains say.
  'domain-notifications': { path: '^src/main/domain/notifications/', mayImport: ['shared', 'foundation', 'storage'] },
  'domain-app': {
    path: '^src/main/domain/app/',
    mayImport: ['shared', 'foundation', 'log', 'domain-jobs', 'domain-runs'],
  },

  // Every program that the core starts: its entry, and the handle by which composition starts it. What it computes and what is said to it are
  // the domain's, which knows no program. The first row is what they share.
  programs: { path: '^src/main/programs/child/', mayImport: ['shared', 'log'] },
  'program-virtual-nodes': {
    path: '^src/main/programs/virtual-nodes/',
    mayImport: ['shared', 'log', 'programs', 'foundation', 'ssh', 'domain-nodes'],
  },
  'program-trainer': {
    path: '^src/main/programs/trainer/',
    mayImport: ['shared', 'log', 'programs', 'scheduling', 'foundation', 'inference', 'domain-simulation'],
  },
  'program-evaluator': {
    path: '^src/main/programs/evaluator/',
    mayImport: ['shared', 'log', 'programs', 'scheduling', 'foundation', 'inference', 'domain-simulation'],
  },
  'program-thumbnailer': { path: '^src/main/programs/thumbnailer/', mayImport: ['shared', 'log', 'programs', 'domain-images'] },
  'program-data-worker': {
    path: '^src/main/programs/data-worker/',
    mayImport: ['shared', 'log', 'programs', 'storage', 'domain-data-care'],
  },
  'program-model-worker': { path: '^src/main/programs/model-worker/', mayImport: ['shared', 'log', 'programs', 'domain-models'] },
  'program-push-worker': {
    path: '^src/main/programs/push-worker/',
    mayImport: ['shared', 'log', 'programs', 'ssh', 'agents', 'domain-models'],
  },

  // The border, what builds all that is behind it, and how others reach it.
  api: {
    path: '^src/main/api/',
    mayImport: ['shared', 'foundation', 'log'],
    mayKnowTypesOf: [
      ...['domain-datasets', 'domain-jobs', 'domain-runs', 'domain-images', 'domain-models', 'domain-nodes', 'domain-simulation'],
      ...['domain-comparison', 'domain-history', 'domain-run-comparison', 'domain-reports', 'domain-series'],
      ...['domain-data-care', 'domain-app', 'domain-path', 'domain-records', 'domain-archives', 'domain-notifications', 'domain-twin'],
    ],
  },
  composition: {
    path: '^src/main/composition/',
    mayImport: [
      ...['shared', 'scheduling', 'foundation', 'log', 'ssh', 'agents', 'images', 'secrets', 'storage', 'api'],
      ...['domain-datasets', 'domain-jobs', 'domain-runs', 'domain-images', 'domain-models', 'domain-nodes', 'domain-simulation'],
      ...['domain-comparison', 'domain-history', 'domain-run-comparison', 'domain-reports', 'domain-series'],
      ...['domain-data-care', 'domain-app', 'domain-path', 'domain-records', 'domain-archives', 'domain-notifications', 'domain-twin'],
      ...['program-virtual-nodes', 'program-trainer', 'program-evaluator', 'program-thumbnailer'],
      ...['program-data-worker', 'program-model-worker', 'program-push-worker'],
    ],
  },
  link: { path: '^src/main/transport/link/', mayImport: ['shared', 'foundation'] },
  server: { path: '^src/main/transport/server/', mayImport: ['shared', 'api', 'link', 'composition'] },
  'program-core': { path: '^src/main/programs/core/', mayImport: ['shared', 'foundation', 'server', 'composition'] },

  windowFiles: { path: '^src/main/shells/window-files/', mayImport: ['shared'] },
  // The desktop's main process has no core inside: no database, no SSH.
  electronShell: {
    path: '^src/main/(index\\.ts$|shells/electron/)',
    mayImport: ['shared', 'durableFile', 'foundation', 'log', 'link', 'windowFiles'],
  },
  webShell: {
    path: '^src/main/(web\\.ts$|shells/web/)',
    mayImport: ['shared', 'foundation', 'log', 'api', 'server', 'composition', 'windowFiles'],
  },
  cliShell: {
    path: '^src/main/(cli\\.ts$|shells/cli/)',
    mayImport: [
      ...['shared', 'foundation', 'log', 'api', 'link', 'server', 'composition', 'webShell'],
      // Evaluating policies needs no core.
      'domain-simulation',
    ],
    mayKnowTypesOf: ['domain-data-care'],
  },
  preload: { path: '^src/preload/', mayImport: ['shared'] },
  renderer: { path: '^src/renderer/', mayImport: ['shared'] },
};

/** The only way from the window into the core: the router's type. */
const routerType = '^src/main/api/router\\.ts$';

/** One owner (or few) for each package that reaches outside: the files that may import it. */
const owners = {
  electron: '^src/(main/index\\.ts$|main/shells/electron/|preload/)',
  ssh2: '^src/main/(adapters/ssh|programs/virtual-nodes)/',
  'ssh-config': '^src/main/adapters/ssh/',
  'better-sqlite3': '^src/main/adapters/storage/',
  sharp: '^src/main/programs/thumbnailer/',
  '@peculiar/x509': '^src/main/adapters/agents/',
  'reflect-metadata': '^src/main/adapters/agents/',
  'onnxruntime-node': '^src/main/adapters/inference/',
  '@connectrpc/[^/]+': '^src/(agent/|main/adapters/agents/|shared/rpc/gen/)',
  '@bufbuild/protobuf': '^src/(agent/|main/adapters/agents/|shared/rpc/gen/|scheduling/graph/onnx/)',
  'chart\\.js': '^src/renderer/charts/',
  '@tanstack/vue-query': '^src/renderer/(composables/|main\\.ts$)',
  commander: '^src/main/(cli\\.ts$|shells/cli/)',
  ws: '^src/main/(shells/web|transport/link|transport/server)/',
  'fast-png': '^src/agent/',
  pdfkit: '^src/main/domain/reports/formats/',
  'write-excel-file': '^src/main/domain/reports/formats/',
  pino: '^src/main/adapters/log/',
  fflate: '^src/main/domain/(app|reports)/',
  yazl: '^src/main/adapters/archives/',
  yauzl: '^src/main/adapters/archives/',
  '@streamparser/json': '^src/main/domain/datasets/captions/',
  'csv-parse': '^src/main/domain/datasets/captions/',
  yaml: '^src/main/domain/nodes/testbed/',
};

const pathsOf = (names = []) => names.map((name) => areas[name].path);

const layerRules = Object.entries(areas).map(([name, area]) => ({
  name: `layers-${name}`,
  comment: `${name} may import ${['itself', ...area.mayImport].join(', ')} and nothing else of src.`,
  severity: 'error',
  from: { path: area.path },
  to: {
    path: '^src/',
    pathNot: [area.path, ...pathsOf(area.mayImport), ...pathsOf(area.mayKnowTypesOf), ...(name === 'renderer' ? [routerType] : [])],
  },
}));

const typeRules = Object.entries(areas)
  .filter(([, area]) => area.mayKnowTypesOf)
  .map(([name, area]) => ({
    name: `layers-${name}-types`,
    comment: `${name} knows ${area.mayKnowTypesOf.join(', ')} by their types: import type.`,
    severity: 'error',
    from: { path: area.path },
    to: { path: pathsOf(area.mayKnowTypesOf), dependencyTypesNot: ['type-only'] },
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
    {
      name: 'no-folder-cycles',
      scope: 'folder',
      severity: 'error',
      comment: 'Two folders that import each other are one room in two places: move what both need to one of them or below both.',
      from: { path: '^src(/|$)' },
      to: { circular: true },
    },
    { name: 'no-unresolvable', severity: 'error', from: { path: '^src/' }, to: { couldNotResolve: true } },
    {
      name: 'no-undeclared-package',
      severity: 'error',
      comment: 'A package that src imports is in package.json; programs that are bundled or shipped may use development packages.',
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
    ...typeRules,
    {
      name: 'domain-knows-no-program',
      severity: 'error',
      comment: 'What a child process is told and answers is the domain’s; composition hands in what starts it.',
      from: { path: '^src/main/domain/' },
      to: { path: '^src/main/programs/' },
    },
    ...ownerRules,
    {
      name: 'scripts-go-by-the-seam',
      severity: 'error',
      comment: 'What a login shell makes of a command is its own: everything on a node is run by ssh-exec.ts (ADR 33).',
      from: { path: '^src/', pathNot: ['^src/main/adapters/ssh/(ssh-exec|raw-exec-openssh)\\.ts$'] },
      to: { path: '^src/main/adapters/ssh/raw-exec(-openssh)?\\.ts$' },
    },
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
      comment: 'src/random, src/shared and src/scheduling run in every environment.',
      from: { path: '^src/(random|shared|scheduling)/' },
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

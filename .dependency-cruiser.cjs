/**
 * Who may import whom: docs/ARCHITECTURE.md as rules. A file that no layer claims is an error, too.
 * Path patterns are regular expressions on paths relative to the repository.
 */
const nodeIo =
  '^(node:)?(fs|fs/promises|net|tls|dgram|http|https|http2|child_process|worker_threads|cluster|os|dns|inspector|sqlite)$';

const layer = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: '^(electron|renderer|test|perf|scripts)/', pathNot: [from, ...allowed] },
});

const ports = '^electron/platform/(ports|stores)\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one subject or need a third.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      comment: 'Product code stands without its tests.',
      from: { pathNot: '^(test|perf)/' },
      to: { path: '^(test|perf)/' },
    },
    {
      name: 'every-file-has-a-room',
      severity: 'error',
      comment: 'Put the file into a room of docs/ARCHITECTURE.md.',
      from: {
        path: '^(electron|shared|renderer)/',
        pathNot:
          '^(electron/(shell|web|cli|app|hardware|models|engine|bench|gateway|storage|platform)|shared/(contract|errors|events|units|metrics)|renderer)/',
      },
      to: {},
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nobody uses this file: delete it or wire it.',
      from: { orphan: true, path: '^(electron|shared|renderer)/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    layer('shared-is-pure', '^shared/', [], 'shared/ sees only itself and zod / oRPC contracts.'),
    {
      name: 'shared-packages',
      severity: 'error',
      comment: 'shared/ may use zod, @orpc/contract and simple-statistics only.',
      from: { path: '^shared/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'core'],
        pathNot: 'node_modules/(zod|@orpc/contract|simple-statistics)/',
      },
    },
    layer('renderer-sees-shared', '^renderer/', [], 'The screens see shared/ only; ask the contract.'),
    {
      name: 'renderer-no-node',
      severity: 'error',
      comment: 'The screens run in a browser.',
      from: { path: '^renderer/' },
      to: { dependencyTypes: ['core'] },
    },
    layer('ports-are-leaves', ports, [], 'Ports know types of shared/ only.'),
    layer('platform', '^electron/platform/', [ports], 'Real ports know ports only.'),
    layer('models', '^electron/models/', [ports], 'models is the lowest feature; engine and app come to it.'),
    layer(
      'engine',
      '^electron/engine/',
      [
        '^electron/models/',
        ports,
        '^electron/platform/node/(clock|random|logger|files|parent-link|processes)\\.ts$',
      ],
      'engine sees models; children build their own clock.',
    ),
    layer(
      'hardware',
      '^electron/hardware/',
      [
        ports,
        '^electron/models/inspector\\.ts$',
        '^electron/platform/node/(clock|random|logger|files|parent-link|processes|cgroup)\\.ts$',
      ],
      'hardware gets the inspector as a port.',
    ),
    layer('storage', '^electron/storage/', [ports], 'storage implements the stores of platform/stores.ts.'),
    layer(
      'bench',
      '^electron/bench/',
      [
        '^electron/(engine|models)/',
        ports,
        '^electron/platform/node/(clock|random|logger|files|parent-link|processes)\\.ts$',
      ],
      'bench sees engine and models; what it needs of the gateway comes through a port.',
    ),
    layer(
      'gateway',
      '^electron/gateway/',
      ['^electron/(engine|models)/', ports],
      'gateway sees engine and models; bench and hardware are strangers.',
    ),
    layer(
      'app',
      '^electron/app/',
      ['^electron/(bench|gateway|engine|models|hardware|storage)/', ports],
      'app wires the features; faces come to it.',
    ),
    layer(
      'web',
      '^electron/web/',
      ['^electron/app/', '^electron/platform/'],
      'A face sees app and platform.',
    ),
    layer(
      'cli',
      '^electron/cli/',
      ['^electron/(app|web)/', '^electron/platform/'],
      'A face sees app and platform; dyno app starts web.',
    ),
    layer(
      'shell',
      '^electron/shell/',
      ['^electron/(app|web)/', '^electron/platform/'],
      'A face sees app and platform.',
    ),
    {
      name: 'only-shell-imports-electron',
      severity: 'error',
      comment: "Ask shell through a port of app; 'electron' exists in the desktop only.",
      from: { pathNot: '^(electron/shell|test|scripts)/' },
      to: { path: '^(electron$|node_modules/electron/)' },
    },
    {
      name: 'only-the-llama-rooms-import-native',
      severity: 'error',
      comment: 'Native code runs in the engine and inspector children.',
      from: { pathNot: '^(electron/engine/(host/llama|inspector)|test|perf)/' },
      to: { path: 'node_modules/(node-llama-cpp|koffi)/' },
    },
    {
      name: 'io-in-its-rooms',
      severity: 'error',
      comment: 'Take a port of platform/ports.ts instead of a Node I/O module.',
      from: {
        path: '^electron/',
        pathNot:
          '^electron/(platform/node|web|shell|cli)/|^electron/gateway/(server|listeners|node-exchange|upgrade)\\.ts$|^electron/storage/database\\.ts$|^electron/(engine/host|engine/inspector|bench/driver)/|^electron/hardware/(telemetry-main\\.ts|worker/)',
      },
      to: { path: nodeIo, dependencyTypes: ['core'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};

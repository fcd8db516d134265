import { fileURLToPath } from 'node:url';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Conventions of docs/CONTRIBUTING.md as rules; each message names the right way. */
const houseRules = [
  {
    selector:
      'ImportExpression[source.value=/^(node:)?(https?|http2|net|tls|dgram|dns|dns.promises|undici|ws)$/]',
    message: 'Import it by a static import, so that the rules see it.',
  },
  {
    selector: "NewExpression[callee.name='Error']",
    message: 'Throw an AppError with a code from shared/errors/table.ts and a hint that says the next step.',
  },
  {
    selector: 'TSEnumDeclaration',
    message: 'Use a union of string literals, or a zod enum at a border.',
  },
  {
    selector: "TSAsExpression:not([typeAnnotation.typeName.name='const'])",
    message: 'Parse at the border or narrow the type; a file that owns a wire format says why it may assert.',
  },
];

/** The files that own a wire format or an untyped foreign API: they may assert a type, with the reason beside it. */
const assertionOwners = [
  'shared/errors/contract-errors.ts', // keys that Object.keys and fromEntries widen to string
];

/**
 * Who opens a connection, and where to. An address that somebody else gave goes through the one door, which resolves,
 * looks, pins and looks again at every redirect; these are the others, each for addresses that are not given.
 */
const waysOut = [
  'electron/platform/node/outbound.ts', // the door itself
  'electron/platform/node/http.ts', // what the user typed: model hubs, `dyno compat URL`, `dyno load --url`; and our own server, for the playground
  'electron/bench/driver/send-request.ts', // the target the user typed, on sockets whose times are taken
  'electron/cli/connect.ts', // the host of this data folder, on 127.0.0.1
  'electron/shell/app-protocol.ts', // files of the app, through Electron's loader
  'electron/shell/updater.ts', // where the packager says the releases are
];

const oneDoor =
  'Connections are opened by platform/node/outbound.ts alone: take the port Outbound for an address that somebody gave, Http for one the user typed.';

/** Client halves of Node's modules, whole modules that are only a client, and packages that fetch by themselves. */
const clients = [
  ...['http', 'https'].map((name) => [
    name,
    ['request', 'get', 'Agent', 'globalAgent', 'ClientRequest', 'WebSocket', 'default'],
  ]),
  ['net', ['connect', 'createConnection', 'Socket', 'Stream', 'default']],
  ['tls', ['connect', 'TLSSocket', 'default']],
  ...['http2', 'dgram', 'dns', 'dns/promises'].map((name) => [name]),
].flatMap(([name, importNames]) => [
  { name, importNames },
  { name: `node:${name}`, importNames },
]);
const clientPackages = [
  { name: 'undici' },
  { name: 'ws', importNames: ['WebSocket', 'createWebSocketStream', 'default'] },
  { name: 'electron', importNames: ['net', 'autoUpdater', 'default'] },
  { name: '@orpc/client/fetch' },
  {
    name: 'node-llama-cpp',
    importNames: ['createModelDownloader', 'combineModelDownloaders', 'resolveModelFile', 'default'],
  },
];
const clientGlobals = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'];
const closedWays = {
  '@typescript-eslint/no-restricted-imports': [
    'error',
    {
      paths: [...clients, ...clientPackages].map((path) => ({
        ...path,
        message: oneDoor,
        allowTypeImports: true,
      })),
    },
  ],
  'no-restricted-globals': ['error', ...clientGlobals.map((name) => ({ name, message: oneDoor }))],
  'no-restricted-properties': [
    'error',
    ...['globalThis', 'global'].flatMap((object) =>
      clientGlobals.map((property) => ({ object, property, message: oneDoor })),
    ),
    {
      object: 'process',
      property: 'getBuiltinModule',
      message: 'Import the module, so that the rules see it.',
    },
  ],
};

const ports = [
  {
    selector:
      "CallExpression[callee.object.name='Date'][callee.property.name='now'], NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time is a port: take a Clock.',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Randomness is a port: take a Random.',
  },
  {
    selector: 'CallExpression[callee.name=/^(setTimeout|setInterval)$/]',
    message: 'Time is a port: take a Clock (sleep, every).',
  },
];

export default tseslint.config(
  { ignores: ['node_modules/', 'out/', 'dist/', 'coverage/', '.cache/', 'test-results/', 'resources/'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      'no-restricted-syntax': ['error', ...houseRules],
      'no-empty': ['error', { allowEmptyCatch: false }],
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/consistent-type-imports': 'error',
      // what createX returns closes over its state: there is no `this` to lose
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['electron/{app,bench,gateway,engine,models,storage,hardware}/**/*.ts', 'shared/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...houseRules, ...ports] },
  },
  { files: ['electron/**/*.ts'], ignores: waysOut, rules: closedWays },
  {
    files: ['electron/gateway/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/platform/ports.ts'],
              importNames: ['Http', 'Outbound'],
              message: 'The server asks nobody: what a request names is refused, or told to app as an event.',
            },
          ],
        },
      ],
    },
  },
  {
    files: assertionOwners,
    rules: {
      'no-restricted-syntax': ['error', ...houseRules.filter((rule) => !rule.selector.startsWith('TSAs'))],
    },
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules,
  },
  {
    files: ['test/**/*.{ts,tsx}', 'perf/**/*.ts'],
    rules: {
      'no-restricted-syntax': 'off',
    },
  },
);

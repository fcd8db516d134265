import { fileURLToPath } from 'node:url';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Conventions of docs/CONTRIBUTING.md as rules; each message names the right way. */
const houseRules = [
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

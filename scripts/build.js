// Builds all bundles when a source is newer than they are.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { node, root } from './steps.js';

const newestIn = (path) => {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))));
};

const sources = ['electron', 'renderer', 'shared', 'vite.config.ts', 'package.json'];
const lastBuilt = join(root, 'out', 'cli', 'dyno.js');

const isStale = () =>
  !existsSync(lastBuilt) ||
  Math.max(...sources.map((name) => newestIn(join(root, name)))) > statSync(lastBuilt).mtimeMs;

/** Returns the exit code of the build, 0 when there was nothing to do. */
export const buildIfStale = () => {
  if (!isStale()) return 0;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const args = [vite, 'build', '--app', '--logLevel', 'warn'];
  return spawnSync(node, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
};

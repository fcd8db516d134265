// npm start: builds what is stale, then opens the app. Flags go to "dyno app": --browser, --port N, --no-open.
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
const built = join(root, 'out', 'cli', 'dyno.js');

const isStale = () =>
  !existsSync(built) ||
  Math.max(...sources.map((name) => newestIn(join(root, name)))) > statSync(built).mtimeMs;

if (isStale()) {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const build = spawnSync(node, [vite, 'build', '--app', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (build.status !== 0) process.exit(build.status ?? 1);
}

process.argv.splice(2, 0, 'app');
await import('../bin/dyno.js');

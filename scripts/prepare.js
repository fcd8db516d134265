// Runs after npm ci in this repository: puts `dyno` on npx's path and builds the app, so that the first start is fast.
// Plain JavaScript for any Node from 20 on.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');

const linkCommand = () => {
  mkdirSync(bin, { recursive: true });
  if (process.platform === 'win32') {
    writeFileSync(join(bin, 'dyno.cmd'), '@node "%~dp0\\..\\..\\bin\\dyno.js" %*\r\n');
    return;
  }
  rmSync(join(bin, 'dyno'), { force: true });
  symlinkSync('../../bin/dyno.js', join(bin, 'dyno'));
  chmodSync(join(root, 'bin', 'dyno.js'), 0o755);
};

linkCommand();
if (existsSync(join(root, 'node_modules', 'vite')) && process.env.DYNO_SKIP_BUILD !== '1') {
  const node = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  execFileSync(existsSync(node) ? node : process.execPath, [vite, 'build', '--app', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
}

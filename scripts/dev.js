// npm run dev: the screens with hot reload on port 5173 (open it with the host's #token), the host from the TypeScript source in browser mode.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { node, root } from './steps.js';

const env = { ...process.env, DYNO_SOURCE: '1' };
const options = { cwd: root, env, stdio: 'inherit' };
const children = [
  spawn(
    node,
    [join(root, 'node_modules/vite/bin/vite.js'), '--host', '127.0.0.1', '--port', '5173', '--strictPort'],
    options,
  ),
  spawn(node, [join(root, 'bin/dyno.js'), 'app', '--browser', '--port', '7843', '--no-open'], options),
];
for (const child of children) {
  child.on('exit', (code) => {
    for (const other of children) other.kill();
    process.exitCode = code ?? 0;
  });
}
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => children.forEach((child) => child.kill(signal)));

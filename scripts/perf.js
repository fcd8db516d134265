// npm run perf [-- NAME [flags…]]: the benches of Dyno itself; without a name all of them, one after the other.
// Example: npm run perf -- engine --llama-bench /path/to/llama-bench --llama-server /path/to/llama-server
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { node, root } from './steps.js';

const benches = readdirSync(join(root, 'perf'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3));
const [wanted, ...flags] = process.argv.slice(2);

if (wanted !== undefined && !benches.includes(wanted)) {
  process.stderr.write(`There is no bench ${wanted}. Choose one of: ${benches.join(', ')}.\n`);
  process.exit(64);
}
for (const bench of wanted === undefined ? benches : [wanted]) {
  process.stdout.write(`\n== ${bench} ==\n`);
  const { status } = spawnSync(node, [join(root, 'perf', `${bench}.ts`), ...flags], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = status ?? 1;
}

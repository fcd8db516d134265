// Completes package-lock.json with the packages for other platforms that the registry at hand did not have when it was
// written; npm ci refuses a lock that lacks them, and on another platform it fetches them by name and version.
// New lock: copy package.json and .npmrc into an empty folder, `npm install --package-lock-only --ignore-scripts`, copy
// the lock back, then `node scripts/complete-lock.js`.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));

/** Platform facts of a package, from any version of it that the registry has. */
const platformOf = (name) => {
  const facts = ['os', 'cpu', 'libc', 'engines', 'license'];
  const answer = JSON.parse(execFileSync('npm', ['view', name, ...facts, '--json'], { encoding: 'utf8' }));
  const found = Array.isArray(answer) ? answer.at(-1) : answer;
  const list = (value) => (typeof value === 'string' ? [value] : value);
  return Object.fromEntries(
    ['cpu', 'os', 'libc', 'engines', 'license']
      .filter((key) => found[key] !== undefined)
      .map((key) => [key, ['cpu', 'os', 'libc'].includes(key) ? list(found[key]) : found[key]]),
  );
};

for (const [parent, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] !== undefined || lock.packages[`${parent}/${key}`] !== undefined) continue;
    lock.packages[key] = {
      version: version.replace(/^[~^]/, ''),
      ...platformOf(name),
      ...(entry.dev && { dev: true }),
      optional: true,
    };
    process.stdout.write(`added ${name} ${version}\n`);
  }
}
const { '': root, ...packages } = lock.packages;
const sorted = Object.entries(packages).toSorted(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries([['', root], ...sorted]);
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);

import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { HostFacts } from '../ports.ts';

const platformOf = (): HostFacts['platform'] => {
  const { platform } = process;
  return platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other';
};

/** MemAvailable of /proc/meminfo: what a new process can take without swapping. `os.freemem` elsewhere. */
const availableMemoryBytes = (): number => {
  if (process.platform !== 'linux') return os.freemem();
  const line = /^MemAvailable:\s+(\d+) kB$/m.exec(readFileSync('/proc/meminfo', 'utf8'));
  return line?.[1] === undefined ? os.freemem() : Number(line[1]) * 1024;
};

/** A container may run under an id that no account has. */
const userName = (env: NodeJS.ProcessEnv): string => {
  try {
    return os.userInfo().username;
  } catch {
    return env['USER'] ?? env['USERNAME'] ?? ''; // the environment is what is left to ask
  }
};

export const createNodeHost = (): HostFacts => ({
  platform: platformOf(),
  arch: process.arch,
  homeFolder: os.homedir(),
  hostName: os.hostname(),
  userName: userName(process.env),
  env: process.env,
  nodeVersion: process.versions.node,
  electronVersion: process.versions.electron,
  isRoot: process.getuid?.() === 0,
  availableParallelism: () => os.availableParallelism(),
  totalMemoryBytes: () => os.totalmem(),
  availableMemoryBytes,
});

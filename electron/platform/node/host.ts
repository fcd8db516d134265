import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { HostFacts, NetworkAddress } from '../ports.ts';
import { readGroupMemory, type GroupMemory } from './group-memory.ts';

const platformOf = (): HostFacts['platform'] => {
  const { platform } = process;
  return platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other';
};

/** Absent, or hidden by the container: either way it says nothing. */
const readIfThere = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // a kernel without this controller has no such file, and then no limit
  }
};

/** What a container, systemd or a batch system leaves of the machine; all of it elsewhere than on Linux. */
const groupMemory = (): GroupMemory =>
  process.platform === 'linux' ? readGroupMemory(readIfThere) : { limitBytes: Infinity, freeBytes: Infinity };

/** MemAvailable of /proc/meminfo: what a new process can take without swapping. `os.freemem` elsewhere. */
const machineFreeBytes = (): number => {
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

const networkAddresses = (): readonly NetworkAddress[] =>
  Object.entries(os.networkInterfaces()).flatMap(([interfaceName, found = []]) =>
    found.map(({ address, family, internal }) => ({ interfaceName, address, family, isInternal: internal })),
  );

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
  networkAddresses,
  availableParallelism: () => os.availableParallelism(),
  totalMemoryBytes: () => Math.min(os.totalmem(), groupMemory().limitBytes),
  availableMemoryBytes: () => Math.min(machineFreeBytes(), groupMemory().freeBytes),
});

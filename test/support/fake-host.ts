import type { HostFacts } from '../../electron/platform/ports.ts';

/** A Linux workstation with 8 CPUs and 32 GiB unless told otherwise. */
export const createFakeHost = (facts: Partial<HostFacts> = {}): HostFacts => ({
  platform: 'linux',
  arch: 'x64',
  homeFolder: '/home/user',
  hostName: 'harbour',
  userName: 'user',
  env: {},
  nodeVersion: '24.21.0',
  electronVersion: undefined,
  isRoot: false,
  networkAddresses: () => [
    { interfaceName: 'lo', address: '127.0.0.1', family: 'IPv4', isInternal: true },
    { interfaceName: 'eth0', address: '192.168.1.5', family: 'IPv4', isInternal: false },
  ],
  availableParallelism: () => 8,
  totalMemoryBytes: () => 32 * 2 ** 30,
  availableMemoryBytes: () => 24 * 2 ** 30,
  ...facts,
});

import type { Permission } from '../../../../shared/contract/roles.ts';

/** Each permission as people say it. */
export const permissionWords: Readonly<Record<Permission, string>> = {
  inference: 'ask models',
  'models.read': 'see models',
  'models.write': 'make, download and remove models',
  'server.read': 'see the server’s state',
  'server.operate': 'start and stop the server, cancel requests',
  'server.expose': 'open the server to the network',
  'prompts.read': 'record and read what requests say',
  'metrics.read': 'read the metrics',
  'bench.read': 'see benchmarks',
  'bench.run': 'run benchmarks',
  'host.read': 'see the machine and its settings',
  'host.write': 'change settings, steer jobs',
  'keys.read': 'see keys and limits',
  'keys.write': 'make, change and revoke keys',
  'tenants.write': 'make tenants, set limits of tenants and server, set prices',
  'usage.read': 'see usage',
  'budgets.write': 'set budgets',
  'audit.read': 'read the audit log',
  'owner.secret': 'read the owner’s own key',
};

import { z } from 'zod';

/**
 * What may be done, as `area.verb`. Every address of the server and every procedure of the contract names one; what
 * names none is refused.
 */
export const permissions = [
  /** Ask a served model for something. */
  'inference',
  'models.read',
  /** Make, download, import and remove models. */
  'models.write',
  'server.read',
  /** Start, stop, unload, cancel. */
  'server.operate',
  /** Open the server to the network, and close it again. */
  'server.expose',
  'metrics.read',
  'bench.read',
  'bench.run',
  'host.read',
  'host.write',
  'keys.read',
  'keys.write',
  /** Tenants, projects, the limits of the whole server, price sheets, what the machine costs, and where alerts go. */
  'tenants.write',
  'usage.read',
  /** Budgets, of one's own tenant. */
  'budgets.write',
  'audit.read',
  /** Record what requests say, and read it. */
  'prompts.read',
  /** The owner's own key in clear text. */
  'owner.secret',
] as const;
export const permissionSchema = z.enum(permissions);
export type Permission = z.infer<typeof permissionSchema>;

export const roleNames = ['owner', 'admin', 'operator', 'developer', 'viewer', 'auditor'] as const;
export const roleSchema = z.enum(roleNames);
export type Role = z.infer<typeof roleSchema>;

const reads = ['models.read', 'server.read', 'metrics.read', 'bench.read', 'host.read'] as const;

/**
 * What each role may do. `owner` alone reaches every tenant; the others act within their own. `admin` manages keys and
 * money and runs nothing of the machine's; `operator` runs the machine and sees no keys.
 */
export const rolePermissions: Readonly<Record<Role, readonly Permission[]>> = {
  owner: permissions,
  admin: [
    ...reads,
    'inference',
    'server.operate',
    'keys.read',
    'keys.write',
    'usage.read',
    'budgets.write',
    'audit.read',
  ],
  operator: [...reads, 'inference', 'server.operate', 'models.write', 'bench.run', 'host.write'],
  developer: ['inference', 'models.read', 'server.read'],
  viewer: [...reads, 'usage.read'],
  auditor: ['audit.read', 'usage.read', 'keys.read', 'models.read', 'server.read'],
};

/** What a key may do: its role's permissions, narrowed to its scopes where it names some. */
export const permissionsOf = (key: {
  readonly role: Role;
  readonly scopes: readonly Permission[] | null;
}): readonly Permission[] => {
  const { scopes } = key;
  const ofRole = rolePermissions[key.role];
  return scopes === null ? ofRole : ofRole.filter((permission) => scopes.includes(permission));
};

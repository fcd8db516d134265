import type { Principal } from '../../electron/gateway/auth/principal.ts';
import { noLimits } from '../../shared/contract/limits.ts';
import { permissionsOf, type Permission, type Role } from '../../shared/contract/roles.ts';

/** The holder of a key, as the server sees them; a developer without limits unless given. */
export const createPrincipal = ({
  role = 'developer',
  scopes = null,
  ...given
}: Partial<Omit<Principal, 'scopes'>> & {
  readonly role?: Role;
  readonly scopes?: readonly Permission[] | null;
} = {}): Principal => ({
  keyId: 'k',
  name: 'mine',
  tier: 'interactive',
  tenantId: 'default',
  projectId: 'default',
  reachesAllTenants: role === 'owner',
  models: null,
  limits: noLimits,
  modelLimits: {},
  expiresAtMs: null,
  notice: undefined,
  ...given,
  scopes: permissionsOf({ role, scopes }),
});

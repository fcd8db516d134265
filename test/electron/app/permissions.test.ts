import { describe, expect, it } from 'vitest';
import { checkPermission, type Actor } from '../../../electron/app/access/actor.ts';
import { permissionOfProcedure } from '../../../electron/app/procedure-permissions.ts';
import { publicRoutes } from '../../../electron/gateway/public-routes.ts';
import { contract } from '../../../shared/contract/index.ts';
import { permissionSchema, roleNames, rolePermissions } from '../../../shared/contract/roles.ts';
import { createPrincipal } from '../../support/principal.ts';

const procedures = Object.entries(contract).flatMap(([area, names]) =>
  Object.keys(names).map((name): readonly [string, readonly string[]] => [`${area}.${name}`, [area, name]]),
);

describe('the permission table', () => {
  it.each(procedures)('says what %s needs', (_name, path) => {
    expect(permissionSchema.safeParse(permissionOfProcedure(path)).success).toBe(true);
  });

  it.each(
    publicRoutes.map((route): readonly [string, string] => [`${route.method} ${route.path}`, route.scope]),
  )('says what %s needs', (name, scope) => {
    const isOpen = ['GET /health', 'GET /ready'].includes(name);
    expect(permissionSchema.safeParse(scope).success).toBe(!isOpen);
    if (isOpen) expect(scope).toBe('public');
  });

  it.each([[[]], [['keys']], [['keys', 'toString']], [['constructor', 'name']], [['keys', 'create', 'x']]])(
    'knows nothing of %j that is no procedure',
    (path) => {
      const known = path.length === 3 ? 'keys.write' : undefined;
      expect(permissionOfProcedure(path)).toBe(known);
    },
  );

  it('lets each role through where it lists the permission, and nowhere else', () => {
    for (const role of roleNames) {
      const actor: Actor = { type: 'key', principal: createPrincipal({ role }) };
      for (const permission of permissionSchema.options) {
        const check = () => checkPermission(actor, permission);
        if (rolePermissions[role].includes(permission)) expect(check).not.toThrow();
        else expect(check).toThrow(expect.objectContaining({ code: 'gateway.insufficient-permissions' }));
      }
    }
  });

  it('keeps the secret of the owner, tenants and money from all who are not to have them', () => {
    const holders = (permission: (typeof permissionSchema.options)[number]) =>
      roleNames.filter((role) => rolePermissions[role].includes(permission));
    expect([holders('owner.secret'), holders('tenants.write'), holders('keys.write')]).toEqual([
      ['owner'],
      ['owner'],
      ['owner', 'admin'],
    ]);
  });
});

import type { AuditActor } from '../../../shared/contract/audit.ts';
import type { Permission } from '../../../shared/contract/roles.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Principal } from '../../gateway/index.ts';

/** Who acts: the person at this machine, by its window, page or command; the holder of a key; Dyno by itself. */
export type Actor =
  | { readonly type: 'host' }
  | { readonly type: 'dyno' }
  | {
      readonly type: 'key';
      readonly principal: Principal;
      /** The key as it stands now, for a connection that outlives one call. @throws AppError once it has ended */
      readonly again?: () => Principal;
    };

/** Whoever may read this user's files or sits at the window may do everything. */
export const hostActor: Actor = { type: 'host' };
export const dynoActor: Actor = { type: 'dyno' };

/** The actor of the next call of a connection. @throws AppError `gateway.*` for a key that has ended since */
export const presentActor = (actor: Actor): Actor =>
  actor.type === 'key' && actor.again !== undefined ? { ...actor, principal: actor.again() } : actor;

export const auditActorOf = (actor: Actor): AuditActor =>
  actor.type === 'key' ? { type: 'key', keyId: actor.principal.keyId, name: actor.principal.name } : actor;

export const creatorOf = (actor: Actor): string =>
  actor.type === 'key' ? actor.principal.keyId : actor.type;

/** The tenant an actor is held to; `undefined`: all. */
export const tenantOf = (actor: Actor): string | undefined =>
  actor.type !== 'key' || actor.principal.reachesAllTenants ? undefined : actor.principal.tenantId;

/** @throws AppError `gateway.insufficient-permissions` */
export const checkPermission = (actor: Actor, permission: Permission): void => {
  if (actor.type !== 'key' || actor.principal.scopes.includes(permission)) return;
  throw new AppError(
    'gateway.insufficient-permissions',
    `The key ${actor.principal.name} lacks the permission ${permission}.`,
    { hint: 'Use a key that has it; dyno keys roles lists who may do what.' },
  );
};

/** What another tenant has does not exist for who cannot reach it. @throws AppError `app.not-found` */
export const checkReach = (actor: Actor, tenantId: string, what: string): void => {
  const own = tenantOf(actor);
  if (own === undefined || own === tenantId) return;
  throw new AppError('app.not-found', `There is no ${what}.`);
};

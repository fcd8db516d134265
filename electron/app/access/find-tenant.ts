import type { Project, Tenant } from '../../../shared/contract/keys.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { AccessStore } from '../../platform/stores.ts';
import { checkReach, type Actor } from './actor.ts';

/** The thing, unless it was never there or is removed, which nobody changes any more. */
const there = <Thing extends Tenant | Project>(thing: Thing | undefined, what: string): Thing => {
  if (thing !== undefined && thing.standing.type !== 'removed') return thing;
  throw new AppError('app.not-found', `There is no ${what}.`, {
    hint: thing === undefined ? 'dyno tenants list shows all.' : 'It was removed, which is for good.',
  });
};

/** @throws AppError `app.not-found`, also for what the actor cannot reach */
export const findTenant = (store: Pick<AccessStore, 'tenants'>, actor: Actor, tenantId: string): Tenant => {
  const what = `tenant ${tenantId}`;
  checkReach(actor, tenantId, what);
  return there(
    store.tenants().find(({ id }) => id === tenantId),
    what,
  );
};

/** @throws AppError `app.not-found`, also for what the actor cannot reach */
export const findProject = (
  store: Pick<AccessStore, 'tenants' | 'projects'>,
  actor: Actor,
  { tenantId, id }: Pick<Project, 'tenantId' | 'id'>,
): Project => {
  findTenant(store, actor, tenantId);
  return there(
    store.projects().find((each) => each.tenantId === tenantId && each.id === id),
    `project ${id} in ${tenantId}`,
  );
};

import type { Project, StoredKey, Tenant } from '../../../shared/contract/keys.ts';
import type { Standing } from '../../../shared/contract/standing.ts';
import { placeTie, type PlaceTie } from '../../../shared/units/place-tie.ts';
import type { AccessStore } from '../../platform/stores.ts';
import type { Actor } from './actor.ts';
import { findProject, findTenant } from './find-tenant.ts';

export interface ProjectId {
  readonly tenantId: string;
  readonly id: string;
}

export type HomeVerb = 'suspended' | 'removed';

/** Where keys belong, a tenant or a project, as far as its standing goes. */
export interface Home<Thing> {
  readonly type: 'tenant' | 'project';
  readonly tenantId: string;
  readonly id: string;
  readonly standing: Standing;
  readonly has: (key: Pick<StoredKey, 'tenantId' | 'projectId'>) => boolean;
  readonly put: (standing: Standing) => Thing;
  /** Why it may never be stopped; `undefined` where it may. */
  readonly tie: (verb: HomeVerb) => PlaceTie | undefined;
}

type Store = Pick<AccessStore, 'tenants' | 'projects' | 'putTenant' | 'putProject'>;

/** @throws AppError `app.not-found` */
export const homeOfTenant = (store: Store, actor: Actor, tenantId: string): Home<Tenant> => {
  const tenant = findTenant(store, actor, tenantId);
  return {
    type: 'tenant',
    tenantId,
    id: tenantId,
    standing: tenant.standing,
    has: (key) => key.tenantId === tenantId,
    put: (standing) => {
      const next = { ...tenant, standing };
      store.putTenant(next);
      return next;
    },
    tie: (verb) => placeTie({ tenantId }, verb),
  };
};

/** @throws AppError `app.not-found` */
export const homeOfProject = (store: Store, actor: Actor, place: ProjectId): Home<Project> => {
  const project = findProject(store, actor, place);
  return {
    type: 'project',
    ...place,
    standing: project.standing,
    has: (key) => key.tenantId === place.tenantId && key.projectId === place.id,
    put: (standing) => {
      const next = { ...project, standing };
      store.putProject(next);
      return next;
    },
    tie: (verb) => placeTie({ tenantId: place.tenantId, projectId: place.id }, verb),
  };
};

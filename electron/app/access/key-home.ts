import {
  DEFAULT_PROJECT,
  DEFAULT_TENANT,
  type Project,
  type StoredKey,
  type Tenant,
} from '../../../shared/contract/keys.ts';
import type { Standing } from '../../../shared/contract/standing.ts';
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
  readonly tie: (verb: HomeVerb) => Tie | undefined;
}

interface Tie {
  readonly why: string;
  readonly hint: string;
}

type Store = Pick<AccessStore, 'tenants' | 'projects' | 'putTenant' | 'putProject'>;

const holdsOwner: Tie = {
  why: "it holds the owner's key, and that would lock the owner out",
  hint: 'Revoke its other keys one by one, or stop the server.',
};
const takesAll: Tie = {
  why: 'keys that name no project belong to it',
  hint: 'Suspend it, or revoke its keys one by one.',
};

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
    tie: () => (tenantId === DEFAULT_TENANT ? holdsOwner : undefined),
  };
};

const tieOfProject = ({ tenantId, id }: ProjectId, verb: HomeVerb): Tie | undefined => {
  if (id !== DEFAULT_PROJECT) return undefined;
  if (tenantId === DEFAULT_TENANT) return holdsOwner;
  return verb === 'removed' ? takesAll : undefined;
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
    tie: (verb) => tieOfProject(place, verb),
  };
};

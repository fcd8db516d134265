import type { AuditAction } from '../../../shared/contract/audit.ts';
import { DEFAULT_PROJECT, DEFAULT_TENANT, type Project, type Tenant } from '../../../shared/contract/keys.ts';
import { noLimits, type Limits } from '../../../shared/contract/limits.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';
import type { AccessStore, AuditStore } from '../../platform/stores.ts';
import { auditActorOf, tenantOf, type Actor } from './actor.ts';
import { findProject, findTenant } from './find-tenant.ts';

type ProjectWish = Pick<Project, 'tenantId' | 'id' | 'name'>;

interface Listed {
  /** Removed ones as well, which only the ledger still names. */
  readonly includesRemoved: boolean;
}

/** Tenants, their projects, and the limits of the whole server. How they stand is `StandingOffice`'s. */
export interface TenantOffice {
  list(actor: Actor, listed?: Listed): readonly Tenant[];
  /** @throws AppError `app.bad-input` when it is there already, or was */
  create(actor: Actor, wish: Pick<Tenant, 'id' | 'name' | 'limits'>): Tenant;
  update(
    actor: Actor,
    change: { readonly id: string; readonly name?: string | undefined; readonly limits?: Limits | undefined },
  ): Tenant;
  projects(actor: Actor, listed?: Listed): readonly Project[];
  createProject(actor: Actor, wish: ProjectWish): Project;
  renameProject(actor: Actor, change: ProjectWish): Project;
  serverLimits(): Limits;
  setServerLimits(actor: Actor, limits: Limits): Limits;
  /** Makes the default tenant and project of a new data folder. */
  makeDefaults(): void;
}

interface Options {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly store: AccessStore;
  readonly audit: AuditStore;
  readonly onChanged: () => void;
}

const onlyThere: Listed = { includesRemoved: false };
const isThere = ({ standing }: Tenant | Project): boolean => standing.type !== 'removed';
const active: Tenant['standing'] = { type: 'active' };

const taken = (what: string, thing: Tenant | Project): AppError =>
  new AppError('app.bad-input', `There ${isThere(thing) ? 'is' : 'was'} a ${what} already.`, {
    hint: isThere(thing)
      ? 'Choose another id.'
      : 'It was removed, and the ledger still names it. Choose another id.',
  });

export const createTenantOffice = ({ clock, store, audit, onChanged }: Options): TenantOffice => {
  const note = (
    actor: Actor,
    action: AuditAction,
    about: { readonly tenantId: string | null; readonly subject: string; readonly details: object },
  ): void => {
    audit.append({
      atMs: clock.nowMs(),
      actor: auditActorOf(actor),
      action,
      tenantId: about.tenantId,
      subject: about.subject,
      details: { ...about.details },
    });
  };
  const change = <Result>(act: () => Result): Result => {
    const result = store.transaction(act);
    onChanged();
    return result;
  };
  const find = (actor: Actor, id: string): Tenant => findTenant(store, actor, id);
  const isSeen = (actor: Actor, id: string): boolean => {
    const own = tenantOf(actor);
    return own === undefined || own === id;
  };

  return {
    list: (actor, { includesRemoved } = onlyThere) =>
      store.tenants().filter((tenant) => isSeen(actor, tenant.id) && (includesRemoved || isThere(tenant))),
    create: (actor, wish) =>
      change(() => {
        const before = store.tenants().find(({ id }) => id === wish.id);
        if (before !== undefined) throw taken(`tenant ${wish.id}`, before);
        const tenant = { ...wish, createdAtMs: clock.nowMs(), standing: active };
        store.putTenant(tenant);
        store.putProject({
          tenantId: wish.id,
          id: DEFAULT_PROJECT,
          name: 'Default',
          createdAtMs: tenant.createdAtMs,
          standing: active,
        });
        note(actor, 'tenant.created', { tenantId: wish.id, subject: wish.id, details: wish });
        return tenant;
      }),
    update: (actor, { id, name, limits }) =>
      change(() => {
        const before = find(actor, id);
        const tenant = { ...before, name: name ?? before.name, limits: limits ?? before.limits };
        store.putTenant(tenant);
        note(actor, 'tenant.changed', { tenantId: id, subject: id, details: { name, limits } });
        return tenant;
      }),
    projects: (actor, { includesRemoved } = onlyThere) =>
      store
        .projects()
        .filter((project) => isSeen(actor, project.tenantId) && (includesRemoved || isThere(project))),
    createProject: (actor, wish) =>
      change(() => {
        find(actor, wish.tenantId);
        const before = store
          .projects()
          .find((each) => each.tenantId === wish.tenantId && each.id === wish.id);
        if (before !== undefined) throw taken(`project ${wish.id} in ${wish.tenantId}`, before);
        const project = { ...wish, createdAtMs: clock.nowMs(), standing: active };
        store.putProject(project);
        note(actor, 'project.created', { tenantId: wish.tenantId, subject: wish.id, details: wish });
        return project;
      }),
    renameProject: (actor, { tenantId, id, name }) =>
      change(() => {
        const project = { ...findProject(store, actor, { tenantId, id }), name };
        store.putProject(project);
        note(actor, 'project.changed', { tenantId, subject: id, details: { name } });
        return project;
      }),
    serverLimits: () => store.serverLimits(),
    setServerLimits: (actor, limits) =>
      change(() => {
        store.putServerLimits(limits);
        note(actor, 'limits.changed', { tenantId: null, subject: 'server', details: limits });
        return limits;
      }),
    makeDefaults: () =>
      change(() => {
        if (store.tenants().some(({ id }) => id === DEFAULT_TENANT)) return;
        const createdAtMs = clock.nowMs();
        store.putTenant({
          id: DEFAULT_TENANT,
          name: 'Default',
          limits: noLimits,
          createdAtMs,
          standing: active,
        });
        store.putProject({
          tenantId: DEFAULT_TENANT,
          id: DEFAULT_PROJECT,
          name: 'Default',
          createdAtMs,
          standing: active,
        });
      }),
  };
};

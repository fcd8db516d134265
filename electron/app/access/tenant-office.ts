import type { z } from 'zod';
import type { AuditAction } from '../../../shared/contract/audit.ts';
import {
  DEFAULT_PROJECT,
  DEFAULT_TENANT,
  type Project,
  type projectSchema,
  type Tenant,
} from '../../../shared/contract/keys.ts';
import { noLimits, type Limits } from '../../../shared/contract/limits.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';
import type { AccessStore, AuditStore } from '../../platform/stores.ts';
import { auditActorOf, checkReach, tenantOf, type Actor } from './actor.ts';

/** Tenants, their projects, and the limits of the whole server. Nothing here is ever removed: the ledger names it. */
export interface TenantOffice {
  list(actor: Actor): readonly Tenant[];
  /** @throws AppError `app.bad-input` when it is there already */
  create(actor: Actor, wish: Pick<Tenant, 'id' | 'name' | 'limits'>): Tenant;
  update(
    actor: Actor,
    change: { readonly id: string; readonly name?: string | undefined; readonly limits?: Limits | undefined },
  ): Tenant;
  projects(actor: Actor): readonly Project[];
  createProject(actor: Actor, wish: Omit<z.infer<typeof projectSchema>, 'createdAtMs'>): Project;
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

const taken = (what: string): AppError =>
  new AppError('app.bad-input', `There is a ${what} already.`, { hint: 'Choose another id.' });

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
  const find = (actor: Actor, id: string): Tenant => {
    checkReach(actor, id, `tenant ${id}`);
    const tenant = store.tenants().find((each) => each.id === id);
    if (tenant !== undefined) return tenant;
    throw new AppError('app.not-found', `There is no tenant ${id}.`, {
      hint: 'dyno tenants list shows all.',
    });
  };
  const isSeen = (actor: Actor, id: string): boolean => {
    const own = tenantOf(actor);
    return own === undefined || own === id;
  };

  return {
    list: (actor) => store.tenants().filter(({ id }) => isSeen(actor, id)),
    create: (actor, wish) =>
      change(() => {
        if (store.tenants().some(({ id }) => id === wish.id)) throw taken(`tenant ${wish.id}`);
        const tenant = { ...wish, createdAtMs: clock.nowMs() };
        store.putTenant(tenant);
        store.putProject({
          tenantId: wish.id,
          id: DEFAULT_PROJECT,
          name: 'Default',
          createdAtMs: tenant.createdAtMs,
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
    projects: (actor) => store.projects().filter(({ tenantId }) => isSeen(actor, tenantId)),
    createProject: (actor, wish) =>
      change(() => {
        find(actor, wish.tenantId);
        const isThere = store
          .projects()
          .some((each) => each.tenantId === wish.tenantId && each.id === wish.id);
        if (isThere) throw taken(`project ${wish.id} in ${wish.tenantId}`);
        const project = { ...wish, createdAtMs: clock.nowMs() };
        store.putProject(project);
        note(actor, 'project.created', { tenantId: wish.tenantId, subject: wish.id, details: wish });
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
        store.putTenant({ id: DEFAULT_TENANT, name: 'Default', limits: noLimits, createdAtMs });
        store.putProject({ tenantId: DEFAULT_TENANT, id: DEFAULT_PROJECT, name: 'Default', createdAtMs });
      }),
  };
};

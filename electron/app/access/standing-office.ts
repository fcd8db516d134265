import type { AuditAction } from '../../../shared/contract/audit.ts';
import type { Project, StoredKey, Tenant } from '../../../shared/contract/keys.ts';
import type { Standing } from '../../../shared/contract/standing.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { keyStateAt } from '../../gateway/index.ts';
import type { Clock } from '../../platform/ports.ts';
import type { AccessStore, AuditStore } from '../../platform/stores.ts';
import { auditActorOf, type Actor } from './actor.ts';
import { checkNotWider } from './check-not-wider.ts';
import { homeOfProject, homeOfTenant, type Home, type HomeVerb, type ProjectId } from './key-home.ts';

/**
 * Stops tenants and projects with all their keys, lets them go on, and removes them for good. Each act is one
 * transaction with its line in the audit log; `reason` is told to who holds a key.
 * @throws AppError of each call: `app.not-found` for what is not there or out of reach, `app.bad-input` for what holds
 *   the owner's key or that of the actor, `gateway.insufficient-permissions` for keys that can do more than the actor
 */
export interface StandingOffice {
  suspend(actor: Actor, tenantId: string, reason: string | null): Tenant;
  resume(actor: Actor, tenantId: string): Tenant;
  /** Its projects go with it; `revokedKeys` are ids. */
  remove(actor: Actor, tenantId: string): { readonly tenant: Tenant; readonly revokedKeys: string[] };
  suspendProject(actor: Actor, project: ProjectId, reason: string | null): Project;
  resumeProject(actor: Actor, project: ProjectId): Project;
  removeProject(
    actor: Actor,
    project: ProjectId,
  ): { readonly project: Project; readonly revokedKeys: string[] };
}

interface Options {
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly store: AccessStore;
  readonly audit: AuditStore;
  readonly onChanged: () => void;
}

export const createStandingOffice = ({ clock, store, audit, onChanged }: Options): StandingOffice => {
  const note = (actor: Actor, action: AuditAction, subject: string, about: object): void => {
    const { tenantId, ...details } = { tenantId: subject, ...about };
    audit.append({ atMs: clock.nowMs(), actor: auditActorOf(actor), action, tenantId, subject, details });
  };
  const unrevokedKeys = ({ has }: Home<unknown>): readonly StoredKey[] =>
    store.keys().filter((key) => key.revokedAtMs === null && has(key));

  /** Who stops keys must be able to end each of them, and must not stop its own. */
  const checkMayStop = (actor: Actor, home: Home<unknown>, verb: HomeVerb): void => {
    const tie = home.tie(verb);
    const words = `The ${home.type} ${home.id} cannot be ${verb}`;
    if (tie !== undefined) {
      throw new AppError('app.bad-input', `${words}: ${tie.why}.`, { hint: tie.hint });
    }
    if (actor.type === 'key' && home.has(actor.principal)) {
      throw new AppError('app.bad-input', `${words} with a key of its own: that key would stop as well.`, {
        hint: 'Use a key from outside of it, or the owner at this machine.',
      });
    }
    const nowMs = clock.nowMs();
    for (const key of unrevokedKeys(home)) {
      const state = keyStateAt(key, nowMs);
      if (state === 'active' || state === 'grace') checkNotWider(actor, key, nowMs);
    }
  };

  const suspend = <Thing>(actor: Actor, home: Home<Thing>, reason: string | null): Thing => {
    checkMayStop(actor, home, 'suspended');
    const thing = home.put({ type: 'suspended', atMs: clock.nowMs(), reason });
    note(actor, `${home.type}.suspended`, home.id, { tenantId: home.tenantId, reason });
    return thing;
  };
  const resume = <Thing>(actor: Actor, home: Home<Thing>): Thing => {
    const thing = home.put({ type: 'active' });
    if (home.standing.type !== 'active')
      note(actor, `${home.type}.resumed`, home.id, { tenantId: home.tenantId });
    return thing;
  };
  const remove = <Thing>(actor: Actor, home: Home<Thing>): { thing: Thing; revokedKeys: string[] } => {
    checkMayStop(actor, home, 'removed');
    const atMs = clock.nowMs();
    const keys = unrevokedKeys(home);
    for (const key of keys) {
      store.putKey({ ...key, revokedAtMs: atMs });
      note(actor, 'key.revoked', key.id, {
        tenantId: home.tenantId,
        name: key.name,
        with: `${home.type} ${home.id}`,
      });
    }
    const thing = home.put({ type: 'removed', atMs });
    const revokedKeys = keys.map(({ id }) => id);
    note(actor, `${home.type}.removed`, home.id, { tenantId: home.tenantId, revokedKeys });
    return { thing, revokedKeys };
  };
  /** The projects of a tenant that goes. */
  const removeProjects = (tenantId: string): void => {
    const removed: Standing = { type: 'removed', atMs: clock.nowMs() };
    for (const project of store.projects()) {
      if (project.tenantId !== tenantId || project.standing.type === 'removed') continue;
      store.putProject({ ...project, standing: removed });
    }
  };
  const change = <Result>(act: () => Result): Result => {
    const result = store.transaction(act);
    onChanged();
    return result;
  };

  return {
    suspend: (actor, tenantId, reason) =>
      change(() => suspend(actor, homeOfTenant(store, actor, tenantId), reason)),
    resume: (actor, tenantId) => change(() => resume(actor, homeOfTenant(store, actor, tenantId))),
    remove: (actor, tenantId) =>
      change(() => {
        const { thing, revokedKeys } = remove(actor, homeOfTenant(store, actor, tenantId));
        removeProjects(tenantId);
        return { tenant: thing, revokedKeys };
      }),
    suspendProject: (actor, project, reason) =>
      change(() => suspend(actor, homeOfProject(store, actor, project), reason)),
    resumeProject: (actor, project) => change(() => resume(actor, homeOfProject(store, actor, project))),
    removeProject: (actor, project) =>
      change(() => {
        const { thing, revokedKeys } = remove(actor, homeOfProject(store, actor, project));
        return { project: thing, revokedKeys };
      }),
  };
};

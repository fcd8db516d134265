import { rolePermissions, roleNames } from '../../../shared/contract/roles.ts';
import { limitUse } from '../access/limit-use.ts';
import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';

export const keyHandlers = ({ keys }: Implementer, { access }: Features) => ({
  create: keys.create.handler(({ input, context }) => access.keys.create(context.actor, input)),
  list: keys.list.handler(({ context }) => [...access.keys.list(context.actor)]),
  get: keys.get.handler(({ input, context }) => access.keys.get(context.actor, input.id)),
  update: keys.update.handler(({ input, context }) => access.keys.update(context.actor, input)),
  rotate: keys.rotate.handler(({ input, context }) =>
    access.keys.rotate(context.actor, input.id, input.graceMs),
  ),
  revoke: keys.revoke.handler(({ input, context }) => access.keys.revoke(context.actor, input.id)),
  roles: keys.roles.handler(() =>
    roleNames.map((role) => ({ role, permissions: [...rolePermissions[role]] })),
  ),
});

export const tenantHandlers = ({ tenants }: Implementer, { access, server }: Features) => ({
  list: tenants.list.handler(({ input, context }) => [...access.tenants.list(context.actor, input)]),
  create: tenants.create.handler(({ input, context }) => access.tenants.create(context.actor, input)),
  update: tenants.update.handler(({ input, context }) => access.tenants.update(context.actor, input)),
  suspend: tenants.suspend.handler(({ input, context }) =>
    access.standings.suspend(context.actor, input.id, input.reason),
  ),
  resume: tenants.resume.handler(({ input, context }) => access.standings.resume(context.actor, input.id)),
  remove: tenants.remove.handler(({ input, context }) => access.standings.remove(context.actor, input.id)),
  projects: tenants.projects.handler(({ input, context }) => [
    ...access.tenants.projects(context.actor, input),
  ]),
  createProject: tenants.createProject.handler(({ input, context }) =>
    access.tenants.createProject(context.actor, input),
  ),
  renameProject: tenants.renameProject.handler(({ input, context }) =>
    access.tenants.renameProject(context.actor, input),
  ),
  suspendProject: tenants.suspendProject.handler(({ input: { reason, ...project }, context }) =>
    access.standings.suspendProject(context.actor, project, reason),
  ),
  resumeProject: tenants.resumeProject.handler(({ input, context }) =>
    access.standings.resumeProject(context.actor, input),
  ),
  removeProject: tenants.removeProject.handler(({ input, context }) =>
    access.standings.removeProject(context.actor, input),
  ),
  serverLimits: tenants.serverLimits.handler(() => access.tenants.serverLimits()),
  setServerLimits: tenants.setServerLimits.handler(({ input, context }) =>
    access.tenants.setServerLimits(context.actor, input),
  ),
  limitUse: tenants.limitUse.handler(({ context }) => [
    ...limitUse(context.actor, access, server.limitStates),
  ]),
});

export const auditHandlers = ({ audit }: Implementer, { access }: Features) => ({
  list: audit.list.handler(({ input, context }) => [...access.audit.list(context.actor, input.limit)]),
  verify: audit.verify.handler(() => access.audit.verify()),
});

import { z } from 'zod';
import { auditCheckSchema, auditEntrySchema } from './audit.ts';
import { base, none } from './base.ts';
import { queryFlagSchema } from './common.ts';
import {
  apiKeySchema,
  keyCreateInputSchema,
  keyUpdateInputSchema,
  mintedKeySchema,
  projectSchema,
  slugSchema,
  tenantSchema,
} from './keys.ts';
import { limitsSchema, limitUseSchema, noLimits } from './limits.ts';
import { permissionSchema, roleSchema } from './roles.ts';
import { suspensionReasonSchema } from './standing.ts';

const oneKey = z.object({ id: z.string() });
/** Removed ones are left out unless asked for. */
const listed = z
  .object({ includesRemoved: queryFlagSchema.default(false) })
  .default({ includesRemoved: false });
const oneTenant = z.object({ id: slugSchema });
const oneProject = z.object({ tenantId: slugSchema, id: slugSchema });
const reasonGiven = { reason: suspensionReasonSchema.nullable().default(null) };
const removal = { revokedKeys: z.array(z.string()) };
const get = (path: `/${string}`) => base.route({ method: 'GET', path });
const post = (path: `/${string}`) => base.route({ method: 'POST', path });

/** Keys of the OpenAI-compatible server. `id` may be the public id, or a whole key, which is then not looked at further. */
export const keyProcedures = {
  /** The only answer that ever holds the secret, with that of `rotate`. */
  create: post('/keys').input(keyCreateInputSchema).output(mintedKeySchema),
  /** Newest first. */
  list: get('/keys').input(none).output(z.array(apiKeySchema)),
  get: get('/keys/{id}').input(oneKey).output(apiKeySchema),
  update: post('/keys/{id}').input(keyUpdateInputSchema).output(apiKeySchema),
  /** A successor with the same rights; the old key works on for `graceMs` (24 h unless told). */
  rotate: post('/keys/{id}/rotate')
    .input(oneKey.extend({ graceMs: z.number().int().min(0).max(2_592_000_000).optional() }))
    .output(mintedKeySchema),
  /** Ends the key and, within a second, every answer it is being given. */
  revoke: post('/keys/{id}/revoke').input(oneKey).output(apiKeySchema),
  /** What each role may do. */
  roles: get('/roles')
    .input(none)
    .output(z.array(z.object({ role: roleSchema, permissions: z.array(permissionSchema) }))),
};

export const tenantProcedures = {
  list: get('/tenants').input(listed).output(z.array(tenantSchema)),
  create: post('/tenants')
    .input(tenantSchema.pick({ id: true, name: true }).extend({ limits: limitsSchema.default(noLimits) }))
    .output(tenantSchema),
  update: post('/tenants/{id}')
    .input(
      z.object({ id: slugSchema, name: tenantSchema.shape.name.optional(), limits: limitsSchema.optional() }),
    )
    .output(tenantSchema),
  /** Stops all its keys: their answers end within a second, no new key is made. Again: another reason. */
  suspend: post('/tenants/{id}/suspend').input(oneTenant.extend(reasonGiven)).output(tenantSchema),
  resume: post('/tenants/{id}/resume').input(oneTenant).output(tenantSchema),
  /** For good, and with it its projects; all its keys are revoked in the same transaction. */
  remove: post('/tenants/{id}/remove')
    .input(oneTenant)
    .output(z.object({ ...removal, tenant: tenantSchema })),
  projects: get('/projects').input(listed).output(z.array(projectSchema)),
  createProject: post('/projects')
    .input(projectSchema.pick({ tenantId: true, id: true, name: true }))
    .output(projectSchema),
  renameProject: post('/projects/{tenantId}/{id}')
    .input(oneProject.extend({ name: projectSchema.shape.name }))
    .output(projectSchema),
  suspendProject: post('/projects/{tenantId}/{id}/suspend')
    .input(oneProject.extend(reasonGiven))
    .output(projectSchema),
  resumeProject: post('/projects/{tenantId}/{id}/resume').input(oneProject).output(projectSchema),
  removeProject: post('/projects/{tenantId}/{id}/remove')
    .input(oneProject)
    .output(z.object({ ...removal, project: projectSchema })),
  /** Limits of the server as a whole. */
  serverLimits: get('/limits').input(none).output(limitsSchema),
  setServerLimits: post('/limits').input(limitsSchema).output(limitsSchema),
  /**
   * What is left of every limit there is: of the server, each tenant, each key that still opens the door, and each key
   * for a model. Who is held to a tenant sees its own and the server's.
   */
  limitUse: get('/limits/use').input(none).output(z.array(limitUseSchema)),
};

export const auditProcedures = {
  /** Newest first. */
  list: get('/audit')
    .input(
      z
        .object({ limit: z.coerce.number<number>().int().min(1).max(10_000).default(100) })
        .default({ limit: 100 }),
    )
    .output(z.array(auditEntrySchema)),
  /** Reads the whole chain again. */
  verify: get('/audit/verify').input(none).output(auditCheckSchema),
};

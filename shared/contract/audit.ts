import { z } from 'zod';
import { sha256Schema } from './common.ts';

/** Who did it: the owner of this machine through its window or command, a key, or Dyno by itself. */
export const auditActorSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('host') }),
  z.object({ type: z.literal('key'), keyId: z.string(), name: z.string() }),
  z.object({ type: z.literal('dyno') }),
]);
export type AuditActor = z.infer<typeof auditActorSchema>;

export const auditActionSchema = z.enum([
  'key.created',
  'key.changed',
  'key.rotated',
  'key.revoked',
  'tenant.created',
  'tenant.changed',
  'tenant.suspended',
  'tenant.resumed',
  'tenant.removed',
  'project.created',
  'project.changed',
  'project.suspended',
  'project.resumed',
  'project.removed',
  'limits.changed',
  'budget.set',
  'budget.removed',
  'budget.reached',
  'prices.set',
  'prices.removed',
  'alerts.set',
  'alerts.removed',
  'recording.started',
  'recording.ended',
  'server.opened',
  'server.closed',
]);
export type AuditAction = z.infer<typeof auditActionSchema>;

/** One line of the log. Lines are only ever added; each carries the hash of the one before, so a cut or a change shows. */
export const auditEntrySchema = z.object({
  seq: z.number().int().min(1),
  atMs: z.number(),
  actor: auditActorSchema,
  action: auditActionSchema,
  /** Tenant it concerns; `null`: the whole server. */
  tenantId: z.string().nullable(),
  /** Id of the key, tenant, project, budget… */
  subject: z.string(),
  /** Particulars, never a secret. */
  details: z.record(z.string(), z.unknown()),
  /** SHA-256 over the hash before and this line. */
  hash: sha256Schema,
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** Whether every line is as it was written. `brokenAtSeq`: the first that is not. */
export const auditCheckSchema = z.object({
  entries: z.number().int(),
  isWhole: z.boolean(),
  brokenAtSeq: z.number().int().nullable(),
});
export type AuditCheck = z.infer<typeof auditCheckSchema>;

import { z } from 'zod';
import { nullableNumber } from './common.ts';
import { limitsSchema, noLimits, tierSchema } from './limits.ts';
import { permissionSchema, roleSchema } from './roles.ts';
import { standingSchema } from './standing.ts';

const name = z
  .string()
  .trim()
  .min(1, 'Give it a name')
  .max(80, 'A name has at most 80 characters')
  .regex(/^[^\p{Cc}]*$/u, 'A name has no control characters');
/** Ids people choose: they stand in file names, reports and command lines. */
export const slugSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,47}$/u, 'Use up to 48 of a-z, 0-9 and -, beginning with a letter or digit');

/** The tenant and the project every key belongs to unless told otherwise. */
export const DEFAULT_TENANT = 'default';
export const DEFAULT_PROJECT = 'default';

const positiveMs = z.number().int().min(1000).max(315_360_000_000);

/** When a key must be replaced. Both ages are `null` for a key that never must. */
export const rotationSchema = z.object({
  maxAgeMs: positiveMs.nullable().default(null),
  /** A key unused for so long is refused. */
  maxIdleMs: positiveMs.nullable().default(null),
  /** At its maximum age a successor is made by itself; it lies in a file that only its owner may read. */
  isAutomatic: z.boolean().default(false),
});

/** How a predecessor lives on after a rotation, unless told otherwise. */
export const DEFAULT_GRACE_MS = 86_400_000;

const modelLimitsSchema = z.record(z.string().min(1).max(200), limitsSchema);

const keyShape = {
  id: z.string().regex(/^[0-9a-z]{12}$/u),
  name,
  lastFour: z.string().length(4),
  role: roleSchema,
  /** Narrows the role; `null`: all of it. */
  scopes: z.array(permissionSchema).nullable(),
  tier: tierSchema,
  tenantId: slugSchema,
  projectId: slugSchema,
  /** Models this key may ask; `null`: all. */
  models: z.array(z.string()).nullable(),
  limits: limitsSchema,
  /** Limits of this key for one model, by its id. */
  modelLimits: modelLimitsSchema,
  rotation: rotationSchema,
  createdAtMs: z.number(),
  /** Who made it: a key's id, or `host` for the owner of this machine. */
  createdBy: z.string(),
  expiresAtMs: nullableNumber,
  rotatesAtMs: nullableNumber,
  /** A rotated key works until then. */
  graceUntilMs: nullableNumber,
  predecessorId: z.string().nullable(),
  successorId: z.string().nullable(),
  lastUsedAtMs: nullableNumber,
  revokedAtMs: nullableNumber,
};

/** A key as its managers see it: everything but the secret, which is shown once. */
export const apiKeySchema = z.object({
  ...keyShape,
  /** `suspended`: good by itself, but its tenant or its project is not. */
  state: z.enum(['active', 'grace', 'suspended', 'expired', 'idle', 'revoked']),
  /** The key this host prints and shows as the owner's: renewed, never revoked. */
  isHostKey: z.boolean(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

/** A key as it is stored. Never crosses the contract. */
export const storedKeySchema = z.object({
  ...keyShape,
  /** HMAC-SHA-256 of the whole key under the pepper, lower-case hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/u),
  /** Where the pepper lies: a file of its owner's, or the desktop's safe storage. */
  pepper: z.enum(['file', 'safe']),
});
export type StoredKey = z.infer<typeof storedKeySchema>;

export const keyCreateInputSchema = z.object({
  name,
  role: roleSchema.default('developer'),
  scopes: z.array(permissionSchema).nullable().default(null),
  tier: tierSchema.default('interactive'),
  tenantId: slugSchema.default(DEFAULT_TENANT),
  projectId: slugSchema.default(DEFAULT_PROJECT),
  models: z.array(z.string().min(1)).min(1).nullable().default(null),
  limits: limitsSchema.default(noLimits),
  modelLimits: modelLimitsSchema.default({}),
  rotation: rotationSchema.default({ maxAgeMs: null, maxIdleMs: null, isAutomatic: false }),
  /** From now; `null`: never. */
  expiresInMs: positiveMs.nullable().default(null),
});
export type KeyCreateInput = z.output<typeof keyCreateInputSchema>;

/** What may change of a key that exists; a secret never does, see `rotate`. */
export const keyUpdateInputSchema = z.object({
  id: keyShape.id,
  name: name.optional(),
  tier: tierSchema.optional(),
  models: z.array(z.string().min(1)).min(1).nullable().optional(),
  limits: limitsSchema.optional(),
  modelLimits: modelLimitsSchema.optional(),
  rotation: rotationSchema.optional(),
});
export type KeyUpdateInput = z.output<typeof keyUpdateInputSchema>;

/** A new key with its secret: the only time it is told. */
export const mintedKeySchema = z.object({ key: apiKeySchema, secret: z.string() });
export type MintedKey = z.infer<typeof mintedKeySchema>;

export const tenantSchema = z.object({
  id: slugSchema.refine((id) => id !== 'server', 'The id server stands for the whole server'),
  name,
  limits: limitsSchema,
  createdAtMs: z.number(),
  // tenants made before there were standings have none
  standing: standingSchema.default({ type: 'active' }),
});
export type Tenant = z.infer<typeof tenantSchema>;

export const projectSchema = z.object({
  tenantId: slugSchema,
  id: slugSchema,
  name,
  createdAtMs: z.number(),
  standing: standingSchema.default({ type: 'active' }),
});
export type Project = z.infer<typeof projectSchema>;

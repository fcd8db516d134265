import type { Limits, Tier } from '../../../shared/contract/limits.ts';
import type { Permission } from '../../../shared/contract/roles.ts';
import type { KeyNotice } from './key-state.ts';

/** What a key may do. Routes name the one they need; a key without it is refused. */
export type Scope = Permission;

/** Who a verified key belongs to, and what that allows. */
export interface Principal {
  readonly keyId: string;
  /** Shown in the live request table. */
  readonly name: string;
  /** All it may do: its role, narrowed to its scopes. */
  readonly scopes: readonly Scope[];
  readonly tier: Tier;
  readonly tenantId: string;
  readonly projectId: string;
  /** True for an owner's key, which acts in every tenant. */
  readonly reachesAllTenants: boolean;
  /** Models it may ask, by id or name; `null`: all. */
  readonly models: readonly string[] | null;
  readonly limits: Limits;
  /** Limits for one model, by its id. */
  readonly modelLimits: Readonly<Record<string, Limits>>;
  /** On the wall clock; `null`: never. */
  readonly expiresAtMs: number | null;
  /** Said in a header of every reply. */
  readonly notice: KeyNotice | undefined;
}

/**
 * The principal of a presented key; `undefined` when the key is unknown. Takes the same time for every key.
 * @throws AppError `gateway.key-expired`, `gateway.invalid-api-key` for a key that was good once
 */
export type VerifyKey = (presented: string) => Principal | undefined;

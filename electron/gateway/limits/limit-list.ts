import type { LimitOwner, Limits } from '../../../shared/contract/limits.ts';
import type { Clock } from '../../platform/ports.ts';
import { rulesOf, type LimitRule } from './limit-rules.ts';
import { createLimiter, type LimitState, type StoredDebt } from './limiter.ts';

/** A limit, and whose it is. */
export interface OwnedRule {
  readonly owner: LimitOwner;
  readonly rule: LimitRule;
}

interface LimitBook {
  readonly server: Limits;
  readonly tenants: readonly { readonly id: string; readonly limits: Limits }[];
  readonly keys: readonly {
    readonly id: string;
    readonly limits: Limits;
    readonly modelLimits: Readonly<Record<string, Limits>>;
  }[];
}

const bucketOf = (owner: LimitOwner): string => {
  switch (owner.type) {
    case 'server':
      return 'all';
    case 'tenant':
      return owner.tenantId;
    case 'key':
      return owner.keyId;
    case 'model':
      return `${owner.keyId}/${owner.modelId}`;
    default:
      return owner satisfies never;
  }
};

const owned = (owner: LimitOwner, limits: Limits): readonly OwnedRule[] =>
  rulesOf(owner.type, bucketOf(owner), limits).map((rule) => ({ owner, rule }));

/** Every limit there is, the widest first: under the same buckets that requests count against. */
export const listLimits = ({ server, tenants, keys }: LimitBook): readonly OwnedRule[] => [
  ...owned({ type: 'server' }, server),
  ...tenants.flatMap(({ id, limits }) => owned({ type: 'tenant', tenantId: id }, limits)),
  ...keys.flatMap(({ id, limits, modelLimits }) => [
    ...owned({ type: 'key', keyId: id }, limits),
    ...Object.entries(modelLimits).flatMap(([modelId, ofModel]) =>
      owned({ type: 'model', keyId: id, modelId }, ofModel),
    ),
  ]),
];

/** What is left of limits while nothing is served: rates refill over what was used before, no place is taken. */
export const statesAtRest = (
  rules: readonly LimitRule[],
  debts: readonly StoredDebt[],
  clock: Pick<Clock, 'nowMs' | 'monotonicMs'>,
): readonly LimitState[] => createLimiter({ clock, leaseMs: 0, debts }).states(rules);

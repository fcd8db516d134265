import type { LimitOwner, Limits, LimitUse } from '../../../shared/contract/limits.ts';
import type { Principal } from '../auth/principal.ts';

export type LimitScope = LimitOwner['type'];
export type LimitResource = LimitUse['resource'];

/** One limit a request counts against; `id` names its bucket. */
export interface LimitRule {
  readonly id: string;
  readonly scope: LimitScope;
  readonly resource: LimitResource;
  readonly limit: number;
}

/** Where the limits beyond the key's own come from, asked anew for each request. */
export interface LimitSource {
  tenantLimits(tenantId: string): Limits;
  serverLimits(): Limits;
}

/** The limits of one owner, whose name the buckets carry: a key's id, a key's id and a model, a tenant's id, `all`. */
export const rulesOf = (scope: LimitScope, owner: string, limits: Limits): readonly LimitRule[] => {
  const rule = (resource: LimitResource, limit: number | null): readonly LimitRule[] =>
    limit === null ? [] : [{ id: `${scope}/${owner}/${resource}`, scope, resource, limit }];
  return [
    ...rule('requests', limits.requestsPerMinute),
    ...rule('tokens', limits.tokensPerMinute),
    ...rule('concurrency', limits.concurrency),
  ];
};

/** Every limit a request of `principal` for a model counts against, all of which must have room. */
export const limitRules = (
  principal: Principal,
  modelId: string,
  source: LimitSource,
): readonly LimitRule[] => {
  const { keyId, tenantId, limits, modelLimits } = principal;
  const ofModel = Object.hasOwn(modelLimits, modelId) ? modelLimits[modelId] : undefined;
  return [
    ...rulesOf('key', keyId, limits),
    ...(ofModel === undefined ? [] : rulesOf('model', `${keyId}/${modelId}`, ofModel)),
    ...rulesOf('tenant', tenantId, source.tenantLimits(tenantId)),
    ...rulesOf('server', 'all', source.serverLimits()),
  ];
};

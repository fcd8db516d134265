import type { LimitOwner, Limits, LimitUse } from '../../../shared/contract/limits.ts';
import type { Principal } from '../auth/principal.ts';
import type { ModelInfo } from '../router/route-table.ts';

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

/**
 * Every limit a request of `principal` for a model counts against, all of which must have room. A limit for one model
 * names it by its id or its name, as the models that a key may ask do.
 */
export const limitRules = (
  principal: Principal,
  model: Pick<ModelInfo, 'id' | 'name'>,
  source: LimitSource,
): readonly LimitRule[] => {
  const { keyId, tenantId, limits, modelLimits } = principal;
  return [
    ...rulesOf('key', keyId, limits),
    ...Object.entries(modelLimits).flatMap(([named, ofModel]) =>
      named === model.id || named === model.name ? rulesOf('model', `${keyId}/${named}`, ofModel) : [],
    ),
    ...rulesOf('tenant', tenantId, source.tenantLimits(tenantId)),
    ...rulesOf('server', 'all', source.serverLimits()),
  ];
};

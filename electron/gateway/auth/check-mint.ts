import type { KeyCreateInput, KeyUpdateInput } from '../../../shared/contract/keys.ts';
import { tiers, type Limits } from '../../../shared/contract/limits.ts';
import { permissionsOf } from '../../../shared/contract/roles.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Principal } from './principal.ts';

type Wish = Pick<KeyCreateInput, 'tier' | 'models' | 'limits' | 'modelLimits'>;

const isWithin = (wished: number | null, own: number | null): boolean =>
  own === null || (wished !== null && wished <= own);

const limitsWithin = (wished: Limits, own: Limits): boolean =>
  isWithin(wished.requestsPerMinute, own.requestsPerMinute) &&
  isWithin(wished.tokensPerMinute, own.tokensPerMinute) &&
  isWithin(wished.concurrency, own.concurrency);

const wider = (what: string, hint: string): AppError =>
  new AppError(
    'gateway.insufficient-permissions',
    `A key cannot be given more than its maker has: ${what}.`,
    {
      hint,
    },
  );

const checkRights = (maker: Principal, wish: Wish): void => {
  if (tiers.indexOf(wish.tier) < tiers.indexOf(maker.tier)) {
    throw wider(`the tier ${wish.tier}`, `Choose ${maker.tier} or lower.`);
  }
  const foreign =
    maker.models === null
      ? undefined
      : (wish.models ?? ['every model']).find((each) => maker.models?.includes(each) !== true);
  if (foreign !== undefined)
    throw wider(`the model ${foreign}`, `Name some of: ${maker.models?.join(', ') ?? ''}.`);
  if (!limitsWithin(wish.limits, maker.limits))
    throw wider('its limits', 'Set limits within those of the maker.');
  for (const [model, own] of Object.entries(maker.modelLimits)) {
    const wished = wish.modelLimits[model] ?? wish.limits;
    if (!limitsWithin(wished, own))
      throw wider(`its limits for ${model}`, 'Set limits within those of the maker.');
  }
};

/**
 * No key makes a wider one: its role and scopes, tenant, tier, models, limits and end must lie within the maker's.
 * @throws AppError `gateway.insufficient-permissions`
 */
export const checkMint = (maker: Principal, wish: KeyCreateInput, nowMs: number): void => {
  const missing = permissionsOf(wish).find((permission) => !maker.scopes.includes(permission));
  if (missing !== undefined) throw wider(missing, 'Choose a narrower role, or name scopes.');
  if (!maker.reachesAllTenants && (wish.role === 'owner' || wish.tenantId !== maker.tenantId)) {
    throw wider(`the tenant ${wish.tenantId}`, `Make it in ${maker.tenantId}.`);
  }
  checkRights(maker, wish);
  if (maker.expiresAtMs === null) return;
  if (wish.expiresInMs === null || nowMs + wish.expiresInMs > maker.expiresAtMs) {
    throw wider('a later end', 'Give it an expiry before that of its maker.');
  }
};

/** The same for a change of a key. @throws AppError `gateway.insufficient-permissions` */
export const checkChange = (maker: Principal, before: Wish, change: Omit<KeyUpdateInput, 'id'>): void =>
  checkRights(maker, {
    tier: change.tier ?? before.tier,
    models: change.models === undefined ? before.models : change.models,
    limits: change.limits ?? before.limits,
    modelLimits: change.modelLimits ?? before.modelLimits,
  });

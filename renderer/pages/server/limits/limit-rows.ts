import type { ApiKey, Tenant } from '../../../../shared/contract/keys.ts';
import type { LimitOwner, Limits, LimitUse } from '../../../../shared/contract/limits.ts';
import { isGood } from '../keys/key-state-text.ts';

/** An owner of limits in the table; the widest come first. */
export interface LimitRow {
  readonly id: string;
  readonly owner: LimitOwner;
  /** Whose they are, as people call it. */
  readonly title: string;
  readonly note: string;
  readonly limits: Limits;
}

const ownerId = (owner: LimitOwner): string => Object.values(owner).join('/');

const row = (owner: LimitOwner, title: string, note: string, limits: Limits): LimitRow => ({
  id: ownerId(owner),
  owner,
  title,
  note,
  limits,
});

/** Everything that can have a limit, with those it has; keys that no longer open the door have none. */
export const limitRows = (
  server: Limits,
  tenants: readonly Tenant[],
  keys: readonly ApiKey[],
): readonly LimitRow[] => [
  row({ type: 'server' }, 'Whole server', 'all requests together', server),
  ...tenants.map(({ id, name, limits }) => row({ type: 'tenant', tenantId: id }, name, 'tenant', limits)),
  ...keys
    .filter(isGood)
    .flatMap(({ id, name, tenantId, limits, modelLimits }) => [
      row({ type: 'key', keyId: id }, name, `key of ${tenantId}`, limits),
      ...Object.entries(modelLimits).map(([modelId, ofModel]) =>
        row({ type: 'model', keyId: id, modelId }, `${name}, ${modelId}`, 'key for one model', ofModel),
      ),
    ]),
];

/** What is left of one limit of a row; `undefined` where it has none, or nobody has said yet. */
export const findUse = (
  uses: readonly LimitUse[],
  { id }: LimitRow,
  resource: LimitUse['resource'],
): LimitUse | undefined => uses.find((use) => use.resource === resource && ownerId(use.owner) === id);

import type { ApiKey } from '../../../../shared/contract/keys.ts';
import type { LimitOwner, Limits } from '../../../../shared/contract/limits.ts';
import { useServices } from '../../../services-context.ts';

/** Writes the limits of whoever owns them; they hold from the next request on. */
export const useSaveLimits = (
  keys: readonly ApiKey[],
): ((owner: LimitOwner, limits: Limits) => Promise<void>) => {
  const { client, queries } = useServices();
  const write = async (owner: LimitOwner, limits: Limits): Promise<unknown> => {
    switch (owner.type) {
      case 'server':
        return client.tenants.setServerLimits(limits);
      case 'tenant':
        return client.tenants.update({ id: owner.tenantId, limits });
      case 'key':
        return client.keys.update({ id: owner.keyId, limits });
      case 'model': {
        const others = keys.find(({ id }) => id === owner.keyId)?.modelLimits;
        return client.keys.update({
          id: owner.keyId,
          modelLimits: { ...others, [owner.modelId]: limits },
        });
      }
      default:
        return owner satisfies never;
    }
  };
  return async (owner, limits) => {
    await write(owner, limits);
    queries.invalidate('access.');
  };
};

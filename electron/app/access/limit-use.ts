import type { LimitUse } from '../../../shared/contract/limits.ts';
import { listLimits, type Limiter } from '../../gateway/index.ts';
import type { Actor } from './actor.ts';
import type { Access } from './open-access.ts';

/** What is left of every limit the actor sees; keys that no longer open the door have none. */
export const limitUse = (
  actor: Actor,
  { tenants, keys }: Pick<Access, 'tenants' | 'keys'>,
  limitStates: Limiter['states'],
): readonly LimitUse[] => {
  const listed = listLimits({
    server: tenants.serverLimits(),
    tenants: tenants.list(actor),
    keys: keys.list(actor).filter(({ state }) => state === 'active' || state === 'grace'),
  });
  const states = limitStates(listed.map(({ rule }) => rule));
  return states.flatMap(({ rule, remaining, resetMs }, index) => {
    const owner = listed[index]?.owner;
    return owner === undefined
      ? []
      : [{ owner, resource: rule.resource, limit: rule.limit, remaining, resetMs }];
  });
};

import { keyCreateInputSchema } from '../../../shared/contract/keys.ts';
import type { Role } from '../../../shared/contract/roles.ts';
import type { Clock, Random } from '../../platform/ports.ts';
import { createKeyRing, type KeyRing } from './key-ring.ts';
import { mintKey } from './mint-key.ts';

/** A ring of one key that lives as long as its server: for a server that only its maker calls, as a benchmark does. */
export const createSingleKey = (
  name: string,
  {
    random,
    clock,
    role = 'developer',
  }: { readonly random: Random; readonly clock: Clock; readonly role?: Role },
): { readonly secret: string; readonly ring: KeyRing } => {
  const pepper = random.bytes(32);
  const wish = keyCreateInputSchema.parse({ name, role });
  const { secret, key } = mintKey(wish, 'host', { random, pepper, nowMs: clock.nowMs() });
  return {
    secret,
    ring: createKeyRing({
      peppers: { file: pepper },
      keyOf: (id) => (id === key.id ? key : undefined),
      clock,
    }),
  };
};

import type { Actor } from '../../electron/app/access/actor.ts';
import { openAccess } from '../../electron/app/access/open-access.ts';
import { plainVault } from '../../electron/platform/node/plain-vault.ts';
import { createNodeRandom } from '../../electron/platform/node/random.ts';
import { openStorage } from '../../electron/storage/index.ts';
import { keyCreateInputSchema } from '../../shared/contract/keys.ts';
import type { EventBody } from '../../shared/events/events.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeFiles } from './fake-files.ts';
import { createFakeLog } from './fake-log.ts';

/** A wish for a developer's key called laptop, and what is given. */
export const keyWish = (given: object = {}) => keyCreateInputSchema.parse({ name: 'laptop', ...given });

/** The keys of a data folder in memory; `again` opens them a second time, as another process would. */
export const openAccessWorld = async () => {
  const scope = new DisposableStack();
  const storage = scope.use(openStorage(':memory:'));
  const fake = createFakeClock();
  let shiftMs = 0;
  // days go by without the 400 ms timers of each
  const clock = { ...fake, nowMs: () => fake.nowMs() + shiftMs };
  const files = createFakeFiles();
  const published: EventBody[] = [];
  const ports = {
    clock,
    files,
    random: createNodeRandom(),
    log: createFakeLog(),
    folders: { data: '/data', models: '/data/models', resources: '/resources' },
    vault: plainVault,
  };
  const again = async () =>
    scope.use(
      await openAccess({
        ports,
        stores: storage,
        publish: (body) => void published.push(body),
      }),
    );
  const access = await again();
  return {
    ...access,
    access,
    again,
    clock,
    files,
    storage,
    published,
    later: (ms: number) => (shiftMs += ms),
    as: (secret: string): Actor => {
      const principal = access.ring.verify(secret);
      if (principal === undefined) throw new TypeError('an unknown key');
      return { type: 'key', principal };
    },
    [Symbol.dispose]: () => scope.dispose(),
  };
};

import { z } from 'zod';
import { engineSettingsSchema } from '../../shared/contract/models.ts';
import type { ForeignLoad, SharedLoads } from '../engine/index.ts';
import type { Clock, Random } from '../platform/ports.ts';
import type { FactStore } from '../platform/stores.ts';
import type { HostPulse } from './host-pulse.ts';

interface Options {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly random: Pick<Random, 'id'>;
  readonly facts: FactStore;
  readonly pulse: HostPulse;
  /** One transaction: no other host writes meanwhile. */
  readonly atOnce: <Result>(act: () => Result) => Result;
}

const prefix = 'load-under-way/';
/** Other hosts need no finer picture of a load, and a write costs the database a tenth of a millisecond. */
const toldEvery = 0.1;
/** Another host's load is seldom shorter. */
const pauseMs = 250;

const entrySchema = z.object({
  pid: z.number(),
  hostId: z.string(),
  /** Place in the order of all loads; a load leaves room for those with a smaller one. */
  place: z.number(),
  path: z.string(),
  settings: engineSettingsSchema,
  fraction: z.number(),
});
type Entry = z.infer<typeof entrySchema> & { readonly key: string };

/** The loads of all hosts of a data folder, in its database. What a dead host left there is cleared away. */
export const createLoadBoard = ({ clock, random, facts, pulse, atOnce }: Options): SharedLoads => {
  const { owner } = pulse;

  const entries = (): readonly Entry[] =>
    facts.list(prefix).flatMap(({ key, value }) => {
      const entry = entrySchema.safeParse(value).data;
      if (entry !== undefined && (entry.hostId === owner.hostId || pulse.isAlive(entry)))
        return [{ ...entry, key }];
      facts.remove(key);
      return [];
    });
  const foreign = (isWanted: (entry: Entry) => boolean): readonly ForeignLoad[] =>
    entries()
      .filter((entry) => entry.hostId !== owner.hostId && isWanted(entry))
      .map(({ key, path, settings, fraction }) => ({ id: key, path, settings, fraction }));

  return {
    others: () => foreign(() => true),
    pause: (signal) => clock.sleep(pauseMs, signal),
    post: ({ path, settings }) => {
      const key = prefix + random.id('load');
      const posted = atOnce(() => {
        const place = Math.max(0, ...entries().map((entry) => entry.place)) + 1;
        const entry = { ...owner, place, path, settings, fraction: 0 };
        facts.set(key, entry);
        return entry;
      });
      let told = 0;
      return {
        progressed: (fraction) => {
          if (fraction === told || (fraction < told + toldEvery && fraction < 1)) return;
          told = fraction;
          facts.set(key, { ...posted, fraction });
        },
        earlier: () => foreign(({ place }) => place < posted.place),
        [Symbol.dispose]: () => facts.remove(key),
      };
    },
  };
};

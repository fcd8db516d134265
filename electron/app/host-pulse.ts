import { z } from 'zod';
import type { Clock, Logger, Random } from '../platform/ports.ts';
import type { FactStore } from '../platform/stores.ts';

/** Which host: a process id may be given again to another program, the id never. */
export interface HostOwner {
  readonly pid: number;
  readonly hostId: string;
}

/** This host's sign of life in the data folder, and that of the others that use it. */
export interface HostPulse extends Disposable {
  readonly owner: HostOwner;
  /** True while that other host lives: its process exists and has said so lately. */
  isAlive(other: HostOwner): boolean;
}

interface Options {
  readonly clock: Pick<Clock, 'nowMs' | 'every'>;
  readonly random: Pick<Random, 'id'>;
  readonly facts: FactStore;
  readonly log: Pick<Logger, 'warn'>;
  readonly pid: number;
  readonly isProcessAlive: (pid: number) => boolean;
}

const beatEveryMs = 5_000;
/** A host that is busy or swapped out misses a few beats; one that missed six is gone, and its process id another's. */
const goneAfterMs = 30_000;
const prefix = 'host/';

export const createHostPulse = ({ clock, random, facts, log, pid, isProcessAlive }: Options): HostPulse => {
  const owner = { pid, hostId: random.id('host') };
  const key = prefix + owner.hostId;
  const isFresh = (value: unknown): boolean => {
    const beat = z.object({ atMs: z.number() }).safeParse(value);
    return beat.success && clock.nowMs() - beat.data.atMs < goneAfterMs;
  };
  const beat = (): void => facts.set(key, { atMs: clock.nowMs() });

  /** A beat or two that a full disk swallows cost nothing; what measures meets the same disk and tells it. */
  const attempt = (act: () => void) => (): void => {
    try {
      act();
    } catch (error) {
      log.warn('the sign of life could not be written', { error });
    }
  };

  for (const { key: known, value } of facts.list(prefix)) if (!isFresh(value)) facts.remove(known);
  beat();
  const timer = clock.every(beatEveryMs, attempt(beat));
  return {
    owner,
    // a predecessor that had this very process id is gone, however lately it spoke
    isAlive: (other) =>
      other.pid !== pid && isProcessAlive(other.pid) && isFresh(facts.get(prefix + other.hostId)),
    [Symbol.dispose]: () => {
      timer[Symbol.dispose]();
      attempt(() => facts.remove(key))();
    },
  };
};

import type { Clock } from '../../platform/ports.ts';
import type { HostEnergy } from '../../platform/stores.ts';

/** A line for every second would wear a disk for an idle server; a kill loses this much of what devices drew. */
const TELL_EVERY_MS = 60_000;

/** What devices drew since it was last told. */
export interface HostBook {
  add(host: readonly Omit<HostEnergy, 'atMs'>[]): void;
  /** All, once a minute has gone by since the last time; nothing before. */
  due(): readonly HostEnergy[];
  all(): readonly HostEnergy[];
}

export const createHostBook = (clock: Pick<Clock, 'nowMs' | 'monotonicMs'>): HostBook => {
  const sums = new Map<string, HostEnergy>();
  let toldMs = clock.monotonicMs();
  const all = (): readonly HostEnergy[] => {
    toldMs = clock.monotonicMs();
    const told = [...sums.values()];
    sums.clear();
    return told;
  };
  return {
    add: (host) => {
      for (const { device, requestJoules, idleJoules, seconds } of host) {
        const before = sums.get(device);
        sums.set(device, {
          // of a minute, so that what is told may fall into the hour before by that much
          atMs: before?.atMs ?? clock.nowMs(),
          device,
          requestJoules: (before?.requestJoules ?? 0) + requestJoules,
          idleJoules: (before?.idleJoules ?? 0) + idleJoules,
          seconds: (before?.seconds ?? 0) + seconds,
        });
      }
    },
    due: () => (clock.monotonicMs() - toldMs >= TELL_EVERY_MS ? all() : []),
    all,
  };
};

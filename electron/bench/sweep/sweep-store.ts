import { sweepSchema, type Sweep } from '../../../shared/contract/sweep.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { FactStore } from '../../platform/stores.ts';

const prefix = 'sweep/';

/** Sweeps as whole documents: a few hundred short rows each, written after every measurement. */
export interface SweepStore {
  put(sweep: Sweep): void;
  /** @throws AppError `bench.run-not-found` */
  get(sweepId: string): Sweep;
  /** Newest first; one of another version that does not read any more is left out. */
  list(): readonly Sweep[];
  remove(sweepId: string): void;
}

export const createSweepStore = (facts: FactStore): SweepStore => ({
  put: (sweep) => facts.set(`${prefix}${sweep.id}`, sweep),
  get: (sweepId) => {
    const found = sweepSchema.safeParse(facts.get(`${prefix}${sweepId}`));
    if (found.success) return found.data;
    throw new AppError('bench.run-not-found', `No sweep has the id ${sweepId}.`, {
      hint: 'dyno sweeps list shows them.',
    });
  },
  list: () =>
    facts
      .list(prefix)
      .flatMap(({ value }) => {
        const read = sweepSchema.safeParse(value);
        return read.success ? [read.data] : [];
      })
      .sort((a, b) => b.createdAtMs - a.createdAtMs),
  remove: (sweepId) => facts.remove(`${prefix}${sweepId}`),
});

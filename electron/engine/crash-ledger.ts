import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Clock, Files } from '../platform/ports.ts';
import type { FactStore } from '../platform/stores.ts';
import { crashesToMark, judgeCrash, recentCrashes, type CrashVerdict } from './restart-policy.ts';

interface LedgerPorts {
  readonly facts: FactStore;
  readonly files: Pick<Files, 'stat'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** The crashes of one model file, as it was when this was opened. */
export interface CrashHistory {
  /** @throws AppError `engine.marked-bad` */
  refuseMarked(): void;
  /** Records a crash and says what to do. */
  record(reason: string): CrashVerdict;
}

/** Crashes of the engine by model file; a file that changed has a clean record. */
export interface CrashLedger {
  open(path: string): Promise<CrashHistory>;
  /** Lets a marked model be loaded again. */
  clear(path: string): void;
}

const recordSchema = z.object({
  sizeBytes: z.number(),
  modifiedMs: z.number(),
  crashedAtMs: z.array(z.number()).readonly(),
  isMarked: z.boolean(),
  reason: z.string(),
});
type CrashRecord = z.infer<typeof recordSchema>;

const keyOf = (path: string): string => `engine.crashes:${path}`;

/** What a marked model is refused with. */
export const markedBad = (path: string, reason: string): AppError =>
  new AppError(
    'engine.marked-bad',
    `The engine crashed ${crashesToMark} times on ${path}; the last time: ${reason}`,
    {
      hint: 'Check the file (its SHA-256, or download it again), then clear the mark to try once more: dyno engines unmark.',
    },
  );

export const createCrashLedger = ({ facts, files, clock }: LedgerPorts): CrashLedger => ({
  open: async (path) => {
    const stat = await files.stat(path);
    const sizeBytes = stat?.sizeBytes ?? 0;
    const modifiedMs = stat?.modifiedMs ?? 0;
    const read = (): CrashRecord => {
      const stored = recordSchema.safeParse(facts.get(keyOf(path)));
      const isSame =
        stored.success && stored.data.sizeBytes === sizeBytes && stored.data.modifiedMs === modifiedMs;
      return isSame ? stored.data : { sizeBytes, modifiedMs, crashedAtMs: [], isMarked: false, reason: '' };
    };
    return {
      refuseMarked: () => {
        const { isMarked, reason } = read();
        if (isMarked) throw markedBad(path, reason);
      },
      record: (reason) => {
        const before = read();
        const nowMs = clock.nowMs();
        const crashedAtMs = [...recentCrashes(before.crashedAtMs, nowMs), nowMs];
        const verdict = judgeCrash(crashedAtMs, nowMs);
        const isMarked = verdict.type === 'mark-bad';
        facts.set(keyOf(path), { ...before, crashedAtMs, isMarked, reason } satisfies CrashRecord);
        return verdict;
      },
    };
  },
  clear: (path) => facts.remove(keyOf(path)),
});

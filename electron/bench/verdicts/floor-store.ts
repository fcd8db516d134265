import type { BenchRun, Repetition } from '../../../shared/contract/bench.ts';
import {
  noiseFloorSchema,
  type MachineFingerprint,
  type NoiseFloor,
} from '../../../shared/contract/noise-floor.ts';
import type { FactStore } from '../../platform/stores.ts';
import { chooseFloor, measureFloor } from './noise-floor.ts';
import { canonicalJson, sha256Of } from '../workload.ts';

/** Noise floors of this machine, the newest per machine, software and model. */
export interface FloorStore {
  /** Keeps the floor a finished calibration found, if it found one. */
  learn(run: BenchRun, repetitions: (cellId: string) => readonly Repetition[], atMs: number): void;
  /** See `chooseFloor`. */
  find(machine: MachineFingerprint, modelIds?: readonly string[]): NoiseFloor | null;
}

const prefix = 'bench/noise-floor/';

export const createFloorStore = (facts: FactStore): FloorStore => ({
  learn: (run, repetitions, atMs) => {
    const floor = measureFloor(run, repetitions, atMs);
    if (floor === undefined) return;
    facts.set(`${prefix}${sha256Of(canonicalJson(floor.machine)).slice(0, 16)}/${floor.modelId}`, floor);
  },
  find: (machine, modelIds) => {
    const known = facts.list(prefix).flatMap(({ value }) => noiseFloorSchema.safeParse(value).data ?? []);
    return chooseFloor(known, machine, modelIds);
  },
});

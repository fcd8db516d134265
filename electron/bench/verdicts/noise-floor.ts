import { median } from 'simple-statistics';
import type { BenchRun, Cell, MetricName, Repetition } from '../../../shared/contract/bench.ts';
import type { Inventory } from '../../../shared/contract/hardware.ts';
import type { MachineFingerprint, NoiseFloor } from '../../../shared/contract/noise-floor.ts';
import { valuesOf } from '../figures/finish-cell.ts';
import { verdictMetrics } from './verdict-metrics.ts';
import { canonicalJson } from '../workload.ts';

/** What must be the same for a noise floor to hold: the hardware and the software that measured. */
export const fingerprintOf = (machine: Inventory, dynoVersion: string): MachineFingerprint => ({
  cpu: machine.cpu.model,
  gpus: machine.gpus.map((gpu) => gpu.name),
  backend: machine.llama?.backend ?? 'unknown',
  dynoVersion,
  llamaCppRelease: machine.llama?.llamaCppRelease ?? 'unknown',
});

/** Largest relative difference between any two of the medians. */
const largestGap = (medians: readonly number[]): number => Math.max(...medians) / Math.min(...medians) - 1;

/**
 * The noise floor from a finished run of one model against itself: per test and metric, how far apart the medians of
 * equal arms came out. Arms are processes of their own, so that what one load of the model happened to get (memory
 * layout, cores) is part of it. Pure.
 * @returns `undefined` when fewer than two arms were measured.
 */
export const measureFloor = (
  run: BenchRun,
  repetitions: (cellId: string) => readonly Repetition[],
  measuredAtMs: number,
): NoiseFloor | undefined => {
  const [model] = run.models;
  const done = run.cells.filter((cell) => cell.state === 'done');
  const floors = [...Map.groupBy(done, (cell) => cell.test).values()].flatMap((cells: readonly Cell[]) => {
    const [first] = cells;
    if (first === undefined || cells.length < 2) return [];
    return verdictMetrics(first).flatMap((metric) => {
      const medians = cells
        .map((cell) => valuesOf(repetitions(cell.id), metric))
        .filter((values) => values.length > 0)
        .map((values) => median([...values]));
      const { ladder, test } = first;
      return medians.length < 2 ? [] : [{ ladder, test, metric, share: largestGap(medians) }];
    });
  });
  if (model === undefined || floors.length === 0) return undefined;
  return {
    measuredAtMs,
    runId: run.id,
    modelId: model.modelId,
    quantization: model.quantization,
    machine: fingerprintOf(run.machine, run.dynoVersion),
    arms: run.models.length,
    n: Math.min(...done.map((cell) => cell.counts.repetitions)),
    floors,
  };
};

/**
 * The floor a comparison on `machine` uses: of those measured under the same fingerprint the newest on one of the
 * compared models, else the newest. Pure.
 */
export const chooseFloor = (
  floors: readonly NoiseFloor[],
  machine: MachineFingerprint,
  modelIds: readonly string[] = [],
): NoiseFloor | null => {
  const valid = floors
    .filter((floor) => canonicalJson(floor.machine) === canonicalJson(machine))
    .toSorted((a, b) => b.measuredAtMs - a.measuredAtMs);
  return valid.find((floor) => modelIds.includes(floor.modelId)) ?? valid[0] ?? null;
};

/** Share that holds for a metric of a ladder, whatever the test; `null` where it was not measured. */
export const floorShare = (
  floor: NoiseFloor | null,
  ladder: Cell['ladder'],
  metric: MetricName,
): number | null =>
  floor?.floors.find((entry) => entry.ladder === ladder && entry.metric === metric)?.share ?? null;

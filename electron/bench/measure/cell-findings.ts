import type { Cell, MetricName, Repetition, RequestSample } from '../../../shared/contract/bench.ts';
import type { CellConditions as SeenConditions } from '../../../shared/contract/conditions.ts';
import type { EngineFacts } from '../../../shared/contract/engine.ts';
import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import type { EngineSettingsPatch } from '../../../shared/contract/models.ts';
import type { Measured } from './arms.ts';
import { cellConditions, type ForeignLoad } from '../conditions/cell-conditions.ts';
import { finishCell, valuesOf } from '../figures/finish-cell.ts';
import type { IdleState } from '../ports.ts';
import { conditionReasons } from '../trust/conditions.ts';
import { trustOf } from '../trust/combine-trust.ts';
import { cpuShareReasons, settingsReasons } from '../trust/engine-settings.ts';
import { idleReasons, telemetryReasons } from '../trust/machine.ts';
import type { TimeSpan } from '../trust/time-span.ts';
import { requestReasons } from '../trust/requests.ts';
import { spreadReasons, warmUpReasons } from '../trust/spread.ts';
import type { WarmUpRule, WarmUpState } from '../stopping/warm-up.ts';

/** What the machine and the engine were like while a cell was measured. */
export interface CellConditions {
  readonly idle: IdleState;
  /** The last reading before models were loaded. */
  readonly before: TelemetrySample | undefined;
  /** Readings since the cell began. */
  readonly telemetry: readonly TelemetrySample[];
  /** Readings since the run began, the idle stretch included. */
  readonly wholeTelemetry: readonly TelemetrySample[];
  readonly foreign: readonly ForeignLoad[];
  /** A stretch before the first load in which nothing was measured. */
  readonly idleSpan: TimeSpan | undefined;
  readonly asked: EngineSettingsPatch;
  readonly facts: EngineFacts;
  readonly warmUpRule: WarmUpRule;
}

/** Gathers one cell's repetitions until it is judged. */
export interface CellFindings {
  add(measured: Measured): void;
  warmedUp(state: WarmUpState, count: number): void;
  /** Measured so far, one per repetition. */
  values(metric: MetricName): readonly number[];
  /** The finished cell with its metrics and its trust badge. */
  finish(conditions: CellConditions, endedAtMs: number): Cell;
}

const largest = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
};

export const createCellFindings = (cell: Cell, startedAtMs: number): CellFindings => {
  const all: Measured[] = [];
  let warmUp: { readonly state: WarmUpState; readonly count: number } = { state: 'settled', count: 0 };

  const reasons = (
    conditions: CellConditions,
    seen: SeenConditions,
    repetitions: readonly Repetition[],
    samples: readonly RequestSample[],
  ) => {
    const counted = repetitions.filter((repetition) => !repetition.isWarmup);
    const spans = counted.map(({ startedAtMs: fromMs, wallMs }) => ({ fromMs, toMs: fromMs + wallMs }));
    const measured = all.filter(({ repetition }) => !repetition.isWarmup);
    return [
      ...spreadReasons(cell.ladder, (metric) => valuesOf(counted, metric)),
      ...warmUpReasons(warmUp.state, warmUp.count, conditions.warmUpRule),
      ...idleReasons(conditions.idle, conditions.before),
      ...telemetryReasons(conditions.telemetry, spans, conditions),
      ...conditionReasons(seen),
      ...settingsReasons(conditions.asked, conditions.facts),
      ...(cell.ladder === 'engine'
        ? cpuShareReasons(
            counted.flatMap((repetition) => repetition.cpuPerWall ?? []),
            conditions.facts,
          )
        : requestReasons(samples, {
            loopDelayP99Ms: largest(measured.map((one) => one.loopDelayP99Ms)),
            promptCountError: largest(measured.map((one) => one.promptCountError)),
            reusesPrompts: measured.some((one) => one.reusesPrompts),
          })),
    ];
  };

  return {
    add: (measured) => void all.push(measured),
    warmedUp: (state, count) => {
      warmUp = { state, count };
    },
    values: (metric) =>
      valuesOf(
        all.map((measured) => measured.repetition),
        metric,
      ),
    finish: (conditions, endedAtMs) => {
      const repetitions = all.map((measured) => measured.repetition);
      const samples = all.flatMap((measured) => measured.samples).filter((sample) => !sample.isWarmup);
      const seen = cellConditions({
        cell,
        repetitions: repetitions.filter((repetition) => !repetition.isWarmup),
        samples,
        telemetry: conditions.wholeTelemetry,
        foreign: conditions.foreign,
        idle: conditions.idleSpan,
        usesGpu: conditions.facts.gpuLayers > 0,
      });
      const trust = trustOf(reasons(conditions, seen, repetitions, samples));
      return finishCell(cell, { repetitions, samples, trust, conditions: seen, startedAtMs, endedAtMs });
    },
  };
};

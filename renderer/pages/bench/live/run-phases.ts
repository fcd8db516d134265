import type { Cell } from '../../../../shared/contract/bench.ts';
import type { RunProgress } from '../../../../shared/events/reduce-run.ts';
import type { TimePhase } from '../../../charts/time-spec.ts';

/** What a run does at a moment, as its axis shows it. */
type PhaseName = 'load' | 'warm-up' | 'prefill' | 'decode' | 'API';

/** Each phase's place in the palette. */
const looks: Readonly<Record<PhaseName, number>> = {
  load: 4,
  'warm-up': 5,
  prefill: 1,
  decode: 0,
  API: 2,
};

const measuredPhase = ({ ladder, workload }: Cell): PhaseName => {
  if (ladder === 'api') return 'API';
  return workload.kind === 'prefill' ? 'prefill' : 'decode';
};

/** Where times stand on the axis, seconds; `undefined` where it is not known yet. */
interface Axis {
  /** Of the wall clock, which loads carry. */
  readonly xOfWall: (atMs: number) => number;
  /** Of the host's monotonic clock, which repetitions carry. */
  readonly xOfMonotonic: (atMs: number) => number | undefined;
}

interface Stretch {
  readonly name: PhaseName;
  /** Of which test; stretches of two tests never become one. */
  readonly test: string;
  readonly fromX: number;
  readonly toX: number;
}

const stretchesOf = (
  { loads, cells, spans }: Pick<RunProgress, 'loads' | 'cells' | 'spans'>,
  { xOfWall, xOfMonotonic }: Axis,
): readonly Stretch[] => {
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  return [
    ...loads.map(({ startedAtMs, endedAtMs }) => ({
      name: 'load' as const,
      test: '',
      fromX: xOfWall(startedAtMs),
      toX: endedAtMs === null ? Infinity : xOfWall(endedAtMs),
    })),
    ...spans.flatMap(({ cellId, isWarmup, fromMs, toMs }): readonly Stretch[] => {
      const cell = byId.get(cellId);
      const fromX = xOfMonotonic(fromMs);
      const toX = xOfMonotonic(toMs);
      if (cell === undefined || fromX === undefined || toX === undefined) return [];
      return [{ name: isWarmup ? 'warm-up' : measuredPhase(cell), test: cell.test, fromX, toX }];
    }),
  ].toSorted((left, right) => left.fromX - right.fromX);
};

/**
 * The phases of a run in order of time: every load, and per test its warm-up and its measured repetitions. Models that
 * take turns within a test share its phases, as one moment has one. No two overlap; a load under way has no end yet.
 */
export const phasesOf = (
  progress: Pick<RunProgress, 'loads' | 'cells' | 'spans'>,
  axis: Axis,
): readonly TimePhase[] => {
  const merged: Stretch[] = [];
  for (const next of stretchesOf(progress, axis)) {
    const last = merged.at(-1);
    if (last === undefined) merged.push(next);
    else if (last.name === next.name && last.test === next.test)
      merged[merged.length - 1] = { ...last, toX: Math.max(last.toX, next.toX) };
    else {
      merged[merged.length - 1] = { ...last, toX: Math.min(last.toX, next.fromX) };
      merged.push(next);
    }
  }
  return merged.map(({ name, fromX, toX }) => ({ label: name, look: looks[name], fromX, toX }));
};

/** The key to the phases' colours. */
export const phaseLegend = Object.entries(looks).map(([label, look]) => ({
  label,
  kind: 'area' as const,
  look,
}));

import type { Comparison, ComparisonRow } from '../../../shared/contract/bench.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { rowSources, type ComparedRun, type RowSource } from './comparison-rows.ts';
import { differencesOf, isComparable } from './differences.ts';
import { judgeDecode } from './judge-decode.ts';
import { pickRow } from './pick.ts';
import { rowVerdicts } from './row-verdicts.ts';
import { isJudgeable } from '../stats/judge-speed.ts';

const unquantized: ReadonlySet<string> = new Set(['F32', 'BF16', 'F16']);

/** What the others are held against: the chosen model, else arm A, else the unquantized file, else the largest. */
const baseOf = (sources: readonly RowSource[], baseModelId: string | undefined): RowSource | undefined => {
  const bySize = sources.toSorted((a, b) => b.model.sizeBytes - a.model.sizeBytes);
  if (baseModelId === undefined) {
    if (sources.every(({ run }) => run.spec.untilDecided !== undefined)) return sources[0];
    return bySize.find(({ model }) => unquantized.has(model.quantization)) ?? bySize[0];
  }
  const chosen = sources.find(({ model }) => model.modelId === baseModelId);
  if (chosen !== undefined) return chosen;
  throw new AppError('bench.not-comparable', `The runs hold no model ${baseModelId}.`, {
    hint: `Choose the base among ${[...new Set(sources.map(({ model }) => model.modelId))].join(', ')}.`,
  });
};

/** At least as fast: the other is not distinguishably faster; with too few repetitions the medians decide. */
const isAsFast = (a: RowSource, b: RowSource): boolean => {
  const verdict = judgeDecode(a, b);
  if (verdict === null) return false;
  return isJudgeable(a.decodeSpeeds, b.decodeSpeeds) ? verdict.verdict !== 'slower' : verdict.ratio >= 1;
};

/** Another row is at least as fast and loses no more, and is better in one: divergence where both were judged, else size. */
const isDominatedBy = (row: RowSource, other: RowSource): boolean => {
  if (!isComparable(row, other, 'decode') || !isAsFast(other, row)) return false;
  const [ownKld, itsKld] = [row.measured.quality?.kld.value, other.measured.quality?.kld.value];
  const isJudged = ownKld !== undefined && itsKld !== undefined;
  const [own, its] = isJudged ? [ownKld, itsKld] : [row.model.sizeBytes, other.model.sizeBytes];
  return its < own || (its === own && !isAsFast(row, other));
};

/**
 * Lays runs side by side: a row per model and run, each against the base. Pure; what may not be compared (other
 * formulas or another workload) gets no ratio and is told in `differences`.
 * @throws AppError `bench.not-comparable` when no row has the base's id
 */
export const compareRuns = (compared: readonly ComparedRun[], baseModelId?: string): Comparison => {
  const sources = rowSources(compared);
  const base = baseOf(sources, baseModelId);
  if (base === undefined) return { rows: [], verdicts: [], noiseFloor: null, differences: [], pick: null };
  const rows = sources.map((source): ComparisonRow => {
    const isBase = source === base;
    return {
      ...source.measured,
      decodeRatio: isBase || !isComparable(source, base, 'decode') ? null : judgeDecode(source, base),
      isBase,
      isDominated: sources.some((other) => other !== source && isDominatedBy(source, other)),
    };
  });
  return {
    rows,
    verdicts: sources.flatMap((source) => (source === base ? [] : rowVerdicts(source, base))),
    noiseFloor: base.run.noiseFloor,
    differences: [...differencesOf(sources, base)],
    pick: pickRow(rows, sources),
  };
};

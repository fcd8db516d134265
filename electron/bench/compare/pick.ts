import { median } from 'simple-statistics';
import type { Comparison, ComparisonRow } from '../../../shared/contract/bench.ts';
import { formatFigure } from '../../../shared/units/format.ts';
import { isCloseEnough, lossInWords } from './acceptable-loss.ts';
import type { RowSource } from './comparison-rows.ts';
import { judgeDecode } from './judge-decode.ts';
import { isJudgeable } from '../stats/judge-speed.ts';

/**
 * Under this many bits per weight quality falls off visibly (mean KL divergence of Llama-3-8B by llama.cpp's
 * perplexity tool: Q4_K_M 0.028, Q3_K_M 0.084, Q2_K 0.33). Where quality was not measured, such files are not
 * recommended for their speed.
 */
const minimumBitsPerWeight = 4;

const fractions: readonly (readonly [number, string])[] = [
  [0.75, 'three quarters'],
  [2 / 3, 'two thirds'],
  [0.5, 'half'],
  [0.4, 'two fifths'],
  [1 / 3, 'a third'],
  [0.25, 'a quarter'],
  [0.2, 'a fifth'],
];

/** `a third`, `53 %`: in words where a simple fraction is within 4 % of it. */
const shareInWords = (share: number): string =>
  fractions.find(([value]) => Math.abs(share - value) / value < 0.04)?.[1] ?? `${Math.round(share * 100)} %`;

const speedAgainst = (ratio: number, baseName: string): string =>
  ratio >= 1.2
    ? `${formatFigure(ratio)}× the decode speed of ${baseName}`
    : `${formatFigure((ratio - 1) * 100)} % faster than ${baseName} in decode`;

interface Candidate {
  readonly row: ComparisonRow;
  readonly source: RowSource;
}

const speedsOf = ({ source }: Candidate): readonly number[] => source.decodeSpeeds;

const byMedianSpeed = (candidates: readonly Candidate[]): readonly Candidate[] =>
  candidates.toSorted((a, b) => median([...speedsOf(b)]) - median([...speedsOf(a)]));

/** Fastest first; among those that cannot be told from the fastest, the smallest file. */
const bestOf = (candidates: readonly Candidate[]): Candidate | undefined => {
  const [fastest] = byMedianSpeed(candidates);
  if (fastest === undefined) return undefined;
  return candidates
    .filter((other) => other === fastest || judgeDecode(fastest.source, other.source)?.verdict !== 'faster')
    .toSorted((a, b) => a.row.sizeBytes - b.row.sizeBytes)
    .at(0);
};

/** Quantizations of one model: the same architecture, and parameters that differ by rounding at most. */
const isOneModel = (candidates: readonly Candidate[]): boolean => {
  const counts = candidates.map(({ source }) => source.model.parameterCount);
  const architectures = new Set(candidates.map(({ source }) => source.model.architecture));
  return architectures.size === 1 && Math.max(...counts) / Math.min(...counts) < 1.02;
};

interface Unjudged {
  readonly isSameModel: boolean;
  /** Some rows were judged, not all. */
  readonly isPartly: boolean;
  readonly leftOut: number;
}

const qualityCaveat = ({ isSameModel, isPartly, leftOut }: Unjudged): string => {
  const what = isPartly ? 'Quality was not judged for every file' : 'Quality is not measured yet';
  if (!isSameModel) return 'These are different models, and quality is not measured yet.';
  if (leftOut === 0) return `${what}.`;
  const files = leftOut === 1 ? 'the file' : `the ${leftOut} files`;
  return `${what}, so ${files} under ${minimumBitsPerWeight} bits per weight ${leftOut === 1 ? 'is' : 'are'} not considered.`;
};

/** Why `best`, against the base it may itself be. Enough repetitions are given. */
const reasonFor = (
  best: Candidate,
  base: Candidate,
  others: readonly Candidate[],
  words: { readonly nameOf: (candidate: Candidate) => string; readonly isSameModel: boolean },
): string => {
  const name = words.nameOf(best);
  const take = words.isSameModel ? `Take ${name}:` : `${name} leads:`;
  const isApart = (other: Candidate) =>
    judgeDecode(best.source, other.source)?.verdict !== 'not-distinguishable';
  if (best === base) {
    return others.some(isApart)
      ? `${take} no other file is measurably faster in decode.`
      : `No difference in decode speed can be shown; ${name} is the smallest file.`;
  }
  const share = shareInWords(best.row.sizeBytes / base.row.sizeBytes);
  const ratio = best.row.decodeRatio;
  return ratio?.verdict === 'faster'
    ? `${take} ${speedAgainst(ratio.ratio, words.nameOf(base))} at ${share} of its size.`
    : `${take} ${share} of the size of ${words.nameOf(base)}, with no measurable difference in decode speed.`;
};

/**
 * The file to take, in one sentence: the fastest in decode, at equal speed the smallest, among those whose quality is
 * close enough to the base's where it was judged. `null` with fewer than two comparable rows.
 * @param sources what the rows were made of, in the same order
 */
export const pickRow = (
  rows: readonly ComparisonRow[],
  sources: readonly RowSource[],
): Comparison['pick'] => {
  const all = rows.flatMap((row, index): readonly Candidate[] => {
    const source = sources[index];
    const isComparable = row.isBase || row.decodeRatio !== null;
    return source === undefined || source.decodeSpeeds.length === 0 || !isComparable ? [] : [{ row, source }];
  });
  const base = all.find(({ row }) => row.isBase);
  if (all.length < 2 || base === undefined) return null;
  if (all.some(({ source }) => source.model.variant !== null)) return null; // settings are compared, not files
  const isSameModel = isOneModel(all);
  const isLabelUnique = isSameModel && new Set(all.map(({ row }) => row.quantization)).size === all.length;
  const nameOf = ({ row }: Candidate) => (isLabelUnique ? row.quantization : row.modelId);

  const qualityBase = all.find(({ row }) => row.quality !== null && row.quality.resultId === null);
  const qualityBaseName = qualityBase === undefined ? 'the base' : nameOf(qualityBase);
  const isJudged = all.every(({ row }) => row.quality !== null);
  const isFine = ({ row }: Candidate): boolean =>
    isJudged ? isCloseEnough(row) : !isSameModel || row.bitsPerWeight >= minimumBitsPerWeight;
  const fine = all.filter(isFine);
  const considered = fine.length > 0 ? fine : all;
  const leftOut = all.filter((candidate) => !considered.includes(candidate));
  const qualityOf = ({ row }: Candidate): string =>
    isJudged
      ? lossInWords(row, qualityBaseName, leftOut.map(nameOf))
      : qualityCaveat({
          isSameModel,
          isPartly: all.some(({ row }) => row.quality !== null),
          leftOut: leftOut.length,
        });

  if (!all.every((candidate) => isJudgeable(speedsOf(candidate), speedsOf(base)))) {
    const n = Math.min(...all.map((candidate) => speedsOf(candidate).length));
    const [fastest = base] = byMedianSpeed(considered);
    return {
      modelId: fastest.row.modelId,
      runId: fastest.row.runId,
      sentence:
        `${n} ${n === 1 ? 'repetition is' : 'repetitions are'} too few to tell the files apart in speed; ${nameOf(fastest)} has the best median. Measure at least 4. ${qualityOf(fastest)}`.trimEnd(),
    };
  }
  const best = bestOf(considered) ?? base;
  const others = considered.filter((candidate) => candidate !== best);
  return {
    modelId: best.row.modelId,
    runId: best.row.runId,
    sentence: `${reasonFor(best, base, others, { nameOf, isSameModel })} ${qualityOf(best)}`.trimEnd(),
  };
};

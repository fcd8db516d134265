import { median } from 'simple-statistics';
import type { Comparison, ComparisonRow } from '../../shared/contract/bench.ts';
import { formatFigure } from '../../shared/units/format.ts';
import type { RowSource } from './comparison-rows.ts';
import { isJudgeable, judgeSpeed } from './stats/judge-speed.ts';

/**
 * Under this many bits per weight quality falls off visibly (mean KL divergence of Llama-3-8B by llama.cpp's
 * perplexity tool: Q4_K_M 0.028, Q3_K_M 0.084, Q2_K 0.33). As long as quality is not measured here, such files are not
 * recommended for their speed.
 */
const minimumBitsPerWeight = 4;

const qualityCaveat = 'Quality is not measured yet';

/** `1.9×` or `12 %`. */
const times = (ratio: number): string => (ratio >= 1.2 ? `${formatFigure(ratio)}×` : '');

const fractions: readonly (readonly [number, string])[] = [
  [0.75, 'three quarters'],
  [2 / 3, 'two thirds'],
  [0.5, 'half'],
  [0.4, 'two fifths'],
  [1 / 3, 'a third'],
  [0.25, 'a quarter'],
  [0.2, 'a fifth'],
];

/** `a third of its size`, `0.53 of its size`, in words where a simple fraction is within 4 % of it. */
const sizeAgainst = (bytes: number, baseBytes: number): string => {
  const share = bytes / baseBytes;
  const simple = fractions.find(([value]) => Math.abs(share - value) / value < 0.04);
  if (simple !== undefined) return `${simple[1]} of its size`;
  return share >= 0.97 && share <= 1.03 ? 'the same size' : `${Math.round(share * 100)} % of its size`;
};

const speedAgainst = (ratio: number, baseName: string): string =>
  ratio >= 1.2
    ? `${times(ratio)} the decode speed of ${baseName}`
    : `${formatFigure((ratio - 1) * 100)} % faster than ${baseName} in decode`;

interface Candidate {
  readonly row: ComparisonRow;
  readonly speeds: readonly number[];
}

/** Fastest first; among those that cannot be told from the fastest, the smallest file. */
const bestOf = (candidates: readonly Candidate[]): Candidate | undefined => {
  const fastest = candidates.toSorted((a, b) => median([...b.speeds]) - median([...a.speeds])).at(0);
  if (fastest === undefined) return undefined;
  return candidates
    .filter(
      ({ speeds }) => speeds === fastest.speeds || judgeSpeed(fastest.speeds, speeds)?.verdict !== 'faster',
    )
    .toSorted((a, b) => a.row.sizeBytes - b.row.sizeBytes)
    .at(0);
};

const isApart = (a: Candidate, b: Candidate): boolean =>
  judgeSpeed(a.speeds, b.speeds)?.verdict !== 'not-distinguishable';

/**
 * The file to take, in one sentence: the fastest in decode, at equal speed the smallest. No claim about quality is
 * made. `null` with fewer than two comparable rows.
 * @param sources the rows' repetitions, in the same order
 */
export const pickRow = (
  rows: readonly ComparisonRow[],
  sources: readonly RowSource[],
): Comparison['pick'] => {
  const all = rows.flatMap((row, index): readonly Candidate[] => {
    const speeds = sources[index]?.decodeSpeeds ?? [];
    return speeds.length === 0 || (row.decodeRatio === null && !row.isBase) ? [] : [{ row, speeds }];
  });
  const base = all.find(({ row }) => row.isBase);
  if (all.length < 2 || base === undefined) return null;
  const isLabelUnique = new Set(all.map(({ row }) => row.quantization)).size === all.length;
  const nameOf = ({ row }: Candidate) => (isLabelUnique ? row.quantization : row.modelId);

  const fine = all.filter(({ row }) => row.bitsPerWeight >= minimumBitsPerWeight);
  const best = bestOf(fine.length > 0 ? fine : all) ?? base;
  const leftOut = fine.length > 0 ? all.length - fine.length : 0;
  const caveat =
    leftOut === 0
      ? `${qualityCaveat}.`
      : `${qualityCaveat}, so ${leftOut === 1 ? 'the file' : `the ${leftOut} files`} under ${minimumBitsPerWeight} bits per weight ${leftOut === 1 ? 'is' : 'are'} not considered.`;
  const sentence = (text: string) => ({ modelId: best.row.modelId, sentence: `${text} ${caveat}` });

  if (!all.every((candidate) => isJudgeable(candidate.speeds, base.speeds))) {
    const n = Math.min(...all.map(({ speeds }) => speeds.length));
    return sentence(
      `${n} ${n === 1 ? 'repetition is' : 'repetitions are'} too few to tell the files apart in speed; ${nameOf(best)} has the best median. Measure at least 4.`,
    );
  }
  const others = all.filter((candidate) => candidate !== best);
  if (best === base) {
    return others.some((other) => isApart(base, other))
      ? sentence(`Take ${nameOf(best)}: no other file is measurably faster in decode.`)
      : sentence(`No difference in decode speed can be shown; ${nameOf(best)} is the smallest file.`);
  }
  const size = sizeAgainst(best.row.sizeBytes, base.row.sizeBytes);
  const ratio = best.row.decodeRatio;
  return ratio?.verdict === 'faster'
    ? sentence(`Take ${nameOf(best)}: ${speedAgainst(ratio.ratio, nameOf(base))} at ${size}.`)
    : sentence(
        `Take ${nameOf(best)}: ${size} of ${nameOf(base)}`.replace('its size of', 'the size of') +
          ', with no measurable difference in decode speed.',
      );
};

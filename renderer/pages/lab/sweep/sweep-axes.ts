import { sweepAxesSchema, type SweepAxes } from '../../../../shared/contract/sweep.ts';

/** What stands in the fields; an empty one is no axis. */
export interface SweepAxesText {
  readonly threads: string;
  readonly batchSize: string;
  readonly flashAttention: string;
  readonly kvType: string;
  readonly gpuLayers: string;
  readonly sequences: string;
}

export type AxisField = keyof SweepAxesText;

export interface ReadAxes {
  readonly axes: SweepAxes;
  /** Of all candidates, where one number stands in the field; else undefined. */
  readonly sequences: number | undefined;
  /** Combinations, Dyno's own choice not counted; 0 without an axis. */
  readonly combinations: number;
  readonly problems: Partial<Readonly<Record<AxisField, string>>>;
}

const forms: Readonly<Record<AxisField, string>> = {
  threads: 'Whole numbers or auto, separated by commas.',
  batchSize: 'Whole numbers from 32 to 8192, separated by commas.',
  flashAttention: 'on, off or auto, separated by commas.',
  kvType: 'F16, Q8_0, Q4_0 and the like, separated by commas.',
  gpuLayers: 'Whole numbers, auto or max, separated by commas.',
  sequences: 'Whole numbers from 1 to 256, separated by commas.',
};

const wordsOf = (text: string): readonly string[] =>
  text
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());

const valueOf = (field: AxisField, word: string): string | number => {
  if (field === 'kvType') return word.toUpperCase();
  return /^\d+$/.test(word) ? Number(word) : word;
};

/** The axes the fields describe. */
export const readSweepAxes = (text: SweepAxesText): ReadAxes => {
  const fields: readonly AxisField[] = [
    'threads',
    'batchSize',
    'flashAttention',
    'kvType',
    'gpuLayers',
    'sequences',
  ];
  const problems: Partial<Record<AxisField, string>> = {};
  let axes: SweepAxes = {};
  for (const field of fields) {
    const values = [...new Set(wordsOf(text[field]).map((word) => valueOf(field, word)))];
    if (values.length === 0) continue;
    const read = sweepAxesSchema.safeParse({ [field]: values });
    if (read.success) axes = { ...axes, ...read.data };
    else problems[field] = forms[field];
  }
  const { sequences: tried, ...others } = axes;
  const isCommon = tried?.length === 1;
  const crossed = isCommon ? others : axes;
  const counts = Object.values(crossed).map((values) => values?.length ?? 1);
  return {
    axes: crossed,
    sequences: isCommon ? tried[0] : undefined,
    combinations: counts.length === 0 ? 0 : counts.reduce((product, count) => product * count, 1),
    problems,
  };
};

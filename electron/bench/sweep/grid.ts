import type { SweepAxes, SweepCandidate, SweepSpec } from '../../../shared/contract/sweep.ts';
import type { EngineSettingsPatch } from '../../../shared/contract/models.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { canonicalJson } from '../workload.ts';

/** More would not end in a day on most machines. */
const mostCandidates = 256;

interface AxisValue {
  readonly label: string;
  readonly settings: EngineSettingsPatch;
  readonly sequences?: number | undefined;
}

const axisValues = (axes: SweepAxes): readonly (readonly AxisValue[])[] =>
  [
    axes.threads?.map((threads) => ({ label: `threads ${threads}`, settings: { threads } })),
    axes.batchSize?.map((batchSize) => ({ label: `batch ${batchSize}`, settings: { batchSize } })),
    axes.flashAttention?.map((mode) => ({
      label: `flash attention ${mode}`,
      settings: { flashAttention: mode },
    })),
    axes.kvType?.map((type) => ({ label: `KV ${type}`, settings: { kvKeyType: type, kvValueType: type } })),
    axes.gpuLayers?.map((layers) => ({ label: `GPU layers ${layers}`, settings: { gpuLayers: layers } })),
    axes.useMmap?.map((useMmap) => ({ label: `mmap ${useMmap ? 'on' : 'off'}`, settings: { useMmap } })),
    axes.sequences?.map((sequences) => ({
      label: `${sequences} ${sequences === 1 ? 'sequence' : 'sequences'}`,
      settings: { slots: sequences },
      sequences,
    })),
  ].filter((values) => values !== undefined);

const cross = (axes: readonly (readonly AxisValue[])[]): readonly (readonly AxisValue[])[] =>
  axes.reduce<readonly (readonly AxisValue[])[]>(
    (rows, values) => rows.flatMap((row) => values.map((value) => [...row, value])),
    [[]],
  );

const candidate = (
  id: string,
  label: string,
  { settings, sequences }: Omit<AxisValue, 'label'>,
  isDefault: boolean,
): SweepCandidate => ({
  id,
  label,
  settings,
  sequences: sequences ?? null,
  isDefault,
  state: 'racing',
  repetitions: [],
  warmups: 0,
  prefillTps: null,
  decodeTps: null,
  score: null,
  effective: null,
  elimination: null,
  againstWinner: null,
  error: null,
});

const roundUp = (value: number, step: number): number => Math.ceil(value / step) * step;

/**
 * Every combination of the axes, and Dyno's own choice in front; combinations that are the same are one. Pure.
 * @throws AppError `app.bad-input` for no axis, or more than 256 combinations
 */
export const expandGrid = (spec: SweepSpec): readonly SweepCandidate[] => {
  const axes = axisValues(spec.axes);
  if (axes.length === 0) {
    throw new AppError('app.bad-input', 'There is nothing to try.', {
      hint: 'Name values of at least one setting, e.g. --threads 1,2,4.',
    });
  }
  const count = axes.reduce((product, values) => product * values.length, 1);
  if (count > mostCandidates) {
    throw new AppError('app.bad-input', `${count} combinations are too many to measure.`, {
      hint: `Name fewer values: at most ${mostCandidates} combinations.`,
    });
  }
  if (spec.axes.sequences !== undefined && spec.sequences > 1) {
    throw new AppError('app.bad-input', 'The sequences are given twice.', {
      hint: 'Name either one number for all candidates, or the numbers to try.',
    });
  }
  const longest = spec.depth + Math.max(spec.prefillTokens, spec.decodeTokens);
  const base: EngineSettingsPatch = {
    contextSize: roundUp(longest, 256),
    slots: spec.sequences,
    ...spec.settings,
  };
  const rows = cross(axes).map((values) => ({
    label: values.map(({ label }) => label).join(' · '),
    settings: values.reduce<EngineSettingsPatch>((all, { settings }) => ({ ...all, ...settings }), base),
    sequences: values.find(({ sequences }) => sequences !== undefined)?.sequences ?? spec.sequences,
  }));
  const own = candidate('default', 'Dyno’s own choice', { settings: base, sequences: spec.sequences }, true);
  const keyOf = ({ settings, sequences }: Omit<AxisValue, 'label'>): string =>
    canonicalJson({ settings, sequences });
  const distinct = new Map(rows.map((row) => [keyOf(row), row]));
  distinct.delete(keyOf({ settings: base, sequences: spec.sequences }));
  return [
    own,
    ...[...distinct.values()].map((row, index) => candidate(`s${index + 1}`, row.label, row, false)),
  ];
};

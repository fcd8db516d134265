import type { SweepSpec } from '../../../shared/contract/sweep.ts';

const list = (flag: string, values: readonly unknown[] | undefined): readonly string[] =>
  values === undefined ? [] : [flag, values.map(String).join(',')];

/** The command line that starts the same sweep again. */
export const sweepCommandOf = (spec: SweepSpec): string =>
  [
    'dyno',
    'sweep',
    spec.model,
    ...list('--threads', spec.axes.threads),
    ...list('--batch', spec.axes.batchSize),
    ...list('--flash-attention', spec.axes.flashAttention),
    ...list('--kv-type', spec.axes.kvType),
    ...list('--gpu-layers', spec.axes.gpuLayers),
    ...list(
      '--mmap',
      spec.axes.useMmap?.map((isOn) => (isOn ? 'on' : 'off')),
    ),
    '--objective',
    String(spec.decodeWeight),
    ...(spec.decodeWeight < 1 ? ['--pp', String(spec.prefillTokens)] : []),
    ...(spec.decodeWeight > 0 ? ['--tg', String(spec.decodeTokens)] : []),
    ...(spec.depth > 0 ? ['--depth', String(spec.depth)] : []),
    ...list('--sequences', spec.axes.sequences),
    ...(spec.sequences > 1 ? ['--sequences', String(spec.sequences)] : []),
    '--first-repetitions',
    String(spec.firstRepetitions),
    '--repetitions',
    String(spec.finalRepetitions),
    '--seed',
    String(spec.seed),
  ].join(' ');

import { median, sampleStandardDeviation } from 'simple-statistics';
import type { Fact, ImportedModel } from '../../../../shared/contract/imports.ts';
import { engineTestName } from '../../../../shared/units/test-text.ts';
import { figureOf, type ParsedImport } from '../parsed-import.ts';
import type { LlamaBenchLine } from './line.ts';
import { readLines, type LlamaBenchStyle } from './read-lines.ts';

const fileNameOf = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

const fact = (group: Fact['group'], name: string, value: string | undefined): readonly Fact[] =>
  value === undefined || value === '' ? [] : [{ group, name, value }];

/** A model under one set of settings: llama-bench measures every combination it is given. */
const armOf = (line: LlamaBenchLine): string =>
  JSON.stringify([line.model_filename, line.model_type, line.settings]);

/** Settings that are not the same in all lines: only they have to stand in a name. */
const varyingOf = (lines: readonly LlamaBenchLine[]): readonly string[] =>
  [...new Set(lines.flatMap((line) => Object.keys(line.settings)))].filter(
    (name) => new Set(lines.map((line) => line.settings[name])).size > 1,
  );

const quantizationOf = (modelType: string | undefined): string | null =>
  /\b(I?Q\d\w*|F16|F32|BF16|MXFP4)\b/.exec(modelType ?? '')?.[1] ?? null;

const modelOf = (line: LlamaBenchLine, modelId: string, varying: readonly string[]): ImportedModel => {
  const settings = varying.map((name) => `${name} ${line.settings[name] ?? 'not said'}`);
  const file = line.model_filename === undefined ? undefined : fileNameOf(line.model_filename);
  return {
    modelId,
    name: [file?.replace(/\.gguf$/i, '') ?? line.model_type ?? 'model', ...settings].join(', '),
    quantization: quantizationOf(line.model_type),
    sizeBytes: line.model_size ?? null,
    parameterCount: line.model_n_params ?? null,
    facts: [
      ...fact('file', 'File', file),
      ...fact('file', 'Type', line.model_type),
      ...fact('build', 'llama.cpp', line.build_commit),
      ...fact('build', 'Backend', line.backends?.toLowerCase()),
      ...settingFacts(line),
    ],
  };
};

/** llama.cpp numbers what was asked for flash attention. */
const flashWords: Readonly<Record<string, string>> = { '-1': 'auto', '0': 'off', '1': 'on' };

/** Settings under the names Dyno gives them, so that a diff can lay them side by side; the rest by their columns. */
const settingFacts = ({ settings }: LlamaBenchLine): readonly Fact[] => {
  const { n_threads, n_batch, n_ubatch, flash_attn, type_k, type_v, n_gpu_layers, ...rest } = settings;
  const kv =
    type_k === undefined
      ? undefined
      : `${type_k.toUpperCase()} keys, ${(type_v ?? type_k).toUpperCase()} values`;
  const batch =
    n_ubatch === n_batch
      ? `${n_batch ?? ''} tokens, as one micro-batch`
      : `${n_batch ?? ''} tokens, in micro-batches of ${n_ubatch ?? ''}`;
  return [
    ...fact('flags', 'Threads', n_threads),
    ...fact('flags', 'Batch', n_batch === undefined ? undefined : batch),
    ...fact(
      'flags',
      'Flash attention',
      flash_attn === undefined ? undefined : (flashWords[flash_attn] ?? flash_attn),
    ),
    ...fact('flags', 'KV cache', kv),
    ...fact('flags', 'Layers on the GPU', n_gpu_layers),
    ...Object.entries(rest).flatMap(([name, value]) => fact('flags', name, value)),
  ];
};

const figuresOf = (line: LlamaBenchLine) => {
  const samples = line.samples_ts;
  const metric = line.n_prompt > 0 ? 'prefillTps' : 'decodeTps';
  return samples.length > 0
    ? figureOf({
        metric,
        median: median(samples),
        deviation: samples.length > 1 ? sampleStandardDeviation(samples) : null,
        n: samples.length,
        values: samples,
        origin: 'llama-bench samples_ts',
      })
    : figureOf({
        metric,
        median: null,
        mean: line.avg_ts,
        deviation: line.stddev_ts ?? null,
        origin: 'llama-bench avg_ts',
        remark: 'a mean; this format does not keep the repetitions',
      });
};

/** Columns of every format but the table that carry no figure of their own. */
const timeColumns = [
  { field: 'avg_ns, stddev_ns', reason: 'the same measurement as a time; the speed is taken' },
];

/**
 * llama-bench's results under Dyno's names: pp is the engine's prefill speed, tg its decode speed, the depth a part of
 * the test's name.
 * @throws SyntaxError, ZodError when the text is not what the style says
 */
export const readLlamaBench = (text: string, style: LlamaBenchStyle): ParsedImport => {
  const lines = readLines(text, style);
  const [first] = lines;
  const arms = [...Map.groupBy(lines, armOf).values()];
  const varying = varyingOf(lines);
  const mixed = lines.filter((line) => line.n_prompt > 0 && line.n_gen > 0);
  const startedMs = Date.parse(first?.test_time ?? '');
  return {
    tool: 'llama-bench',
    toolVersion:
      first?.build_commit === undefined ? null : `${first.build_commit} (${first.build_number ?? ''})`,
    measuredAtMs: Number.isNaN(startedMs) ? null : startedMs,
    facts: [
      ...fact('machine', 'Processor', first?.cpu_info),
      ...fact('machine', 'GPU', first?.gpu_info),
      { group: 'workload', name: 'Prompts', value: 'tokens drawn at random' },
    ],
    models: arms.flatMap(([line], index) =>
      line === undefined ? [] : [modelOf(line, `m${index + 1}`, varying)],
    ),
    cells: arms.flatMap((own, index) =>
      own
        .filter((line) => !mixed.includes(line))
        .map((line) => {
          const test = {
            kind: line.n_prompt > 0 ? ('prefill' as const) : ('decode' as const),
            tokens: line.n_prompt > 0 ? line.n_prompt : line.n_gen,
            depth: line.n_depth,
            sequences: 1,
          };
          return {
            modelId: `m${index + 1}`,
            ladder: 'engine' as const,
            test: engineTestName(test),
            workload: test,
            figures: [...figuresOf(line)],
          };
        }),
    ),
    notConverted: [
      ...(style === 'md' ? [] : timeColumns),
      ...mixed.map((line) => ({
        field: `pp${line.n_prompt}+tg${line.n_gen}`,
        reason: 'prefill and decode in one figure; Dyno keeps them apart',
      })),
    ],
  };
};

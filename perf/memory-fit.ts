import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from 'simple-statistics';
import { createInspector } from '../electron/engine/index.ts';
import { synthesizeFile, validateModel } from '../electron/models/index.ts';
import { predictMemory, type LoadShape, type PastLoad } from '../electron/models/memory-learning.ts';
import { AppError } from '../shared/errors/app-error.ts';
import { engineSettingsSchema, type EngineSettings } from '../shared/contract/models.ts';
import { openPool } from './engine/dyno-ports.ts';

/**
 * How well a load's memory is known before it: every case is estimated by the inspector, then loaded by the real engine
 * pool, and the process's proportional set size right after the load is held against the estimate. What is learned is
 * judged fairly: once with the case itself left out, once with all cases of its file left out.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.cache', 'perf', 'memory-fit');
/** Shape, type and layers: seven architectures, from 3,072 to 262,144 tokens of vocabulary. */
const files = [
  ['qwen2.5-0.5b', 'Q4_K_M', 12],
  ['tinyllama-1.1b', 'Q6_K', 8],
  ['llama-3.2-1b', 'Q8_0', 4],
  ['gemma-3-1b', 'Q4_0', 6],
  ['qwen3-1.7b', 'IQ4_XS', 4],
  ['qwen3-30b-a3b', 'Q4_K_M', 1],
] as const;
const settingsOfCases: readonly Partial<EngineSettings>[] = [
  { contextSize: 512, slots: 1 },
  { contextSize: 4096, slots: 4 },
  { contextSize: 2048, slots: 2, useMmap: true, kvKeyType: 'Q8_0', kvValueType: 'Q8_0' },
  { contextSize: 2048, slots: 2, useMmap: false, batchSize: 128 },
];

const never = new AbortController().signal;
const { pool, ports } = openPool();
const inspector = createInspector(ports);
const mib = (bytes: number): string => (bytes / 2 ** 20).toFixed(0).padStart(6);
const signed = (percent: number): string => `${percent > 0 ? '+' : ''}${percent.toFixed(1)} %`.padStart(8);

const synthesize = async ([shape, type, layers]: (typeof files)[number]): Promise<string> => {
  const out = join(folder, `${shape}-${type}-${layers}.gguf`);
  if ((await ports.files.stat(out)) !== undefined) return out;
  const { path } = await synthesizeFile(
    {
      ...ports,
      validate: (made) => validateModel(ports.files, made),
      resolve: (id) => Promise.reject(new AppError('models.not-found', `No model ${id}.`)),
    },
    { source: shape, type, layers, out },
    { signal: never, onProgress: () => undefined },
  );
  return path;
};

interface Case {
  readonly file: string;
  readonly settings: string;
  readonly shape: LoadShape;
  readonly measuredBytes: number;
}

const describe = ({ contextSize, slots, kvKeyType }: EngineSettings, useMmap: boolean): string =>
  `${contextSize} x ${slots}, KV ${kvKeyType}, ${useMmap ? 'mmap' : 'no mmap'}`;

const measure = async (path: string, patch: Partial<EngineSettings>): Promise<Case> => {
  const settings = engineSettingsSchema.parse({ threads: 1, gpuLayers: 0, ...patch });
  const contextSize = typeof settings.contextSize === 'number' ? settings.contextSize : 512;
  const [need] = await inspector.estimate(path, settings, [contextSize], never);
  if (need === undefined) throw new AppError('app.internal', 'The inspector gave no estimate.');
  await using replica = await pool.acquire(
    { modelId: path, path, settings, isExclusive: true },
    { signal: never },
  );
  const { backend, vocabularySize, useMmap, memory } = replica.facts();
  return {
    file: path.split('/').at(-1) ?? path,
    settings: describe(settings, useMmap),
    shape: {
      backend,
      vocabularySize,
      weightsRamBytes: need.weightsRamBytes,
      kvCacheRamBytes: need.kvCacheBytes,
      vramBytes: need.totalVramBytes,
    },
    measuredBytes: memory.ownBytes ?? memory.processBytes,
  };
};

const toPast = ({ shape, measuredBytes }: Case): PastLoad => ({ ...shape, measuredBytes });

await mkdir(folder, { recursive: true });
const paths = [join(root, 'resources/model/dyno-demo-4m-f16.gguf')];
for (const file of files) paths.push(await synthesize(file));
const cases: Case[] = [];
for (const path of paths) {
  for (const settings of settingsOfCases) {
    cases.push(await measure(path, settings));
    process.stderr.write('.');
  }
}
await pool[Symbol.asyncDispose]();

const errorsWith = (past: (one: Case) => readonly Case[]): readonly number[] =>
  cases.map((one) => {
    const { ramBytes } = predictMemory(one.shape, past(one).map(toPast));
    return (100 * (ramBytes - one.measuredBytes)) / one.measuredBytes;
  });
const arms = [
  ['nothing learned', errorsWith(() => [])],
  ['others learned', errorsWith((one) => cases.filter((each) => each !== one))],
  ['other files', errorsWith((one) => cases.filter((each) => each.file !== one.file))],
] as const;

process.stdout.write(
  `\n${'file'.padEnd(30)} ${'setting'.padEnd(30)} weights     KV measured MiB  ${arms.map(([name]) => name.padStart(15)).join(' ')}\n`,
);
for (const [index, one] of cases.entries()) {
  const errors = arms.map(([, list]) => signed(list[index] ?? NaN).padStart(15)).join(' ');
  process.stdout.write(
    `${one.file.padEnd(30)} ${one.settings.padEnd(30)} ${mib(one.shape.weightsRamBytes)} ${mib(one.shape.kvCacheRamBytes)} ${mib(one.measuredBytes).padStart(12)}  ${errors}\n`,
  );
}
for (const [name, errors] of arms) {
  const absolute = errors.map(Math.abs);
  const [middle, worst] = [median(absolute), Math.max(...absolute)];
  process.stdout.write(
    `${name.padEnd(16)} absolute error: median ${middle.toFixed(1)} %, worst ${worst.toFixed(1)} %, n ${errors.length}\n`,
  );
  if (name !== 'nothing learned' && (middle > 5 || worst > 15)) process.exitCode = 1;
}

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadModel } from '../electron/engine/host/llama/load-model.ts';
import { engineSettingsSchema } from '../shared/contract/models.ts';

/**
 * What typical sampling costs: tokens per second of one sequence with it and without, with top-k 40 and over the whole
 * vocabulary, in turns. `--model` for another file than the bundled one: the vocabulary decides.
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '15' },
    steps: { type: 'string', default: '128' },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const path = options.model ?? `${root}resources/model/dyno-demo-4m-f16.gguf`;

const off = { minP: 0, topP: 1, repeatPenalty: 1, repeatLastN: 0, frequencyPenalty: 0, presencePenalty: 0 };
/** As of a model that is sure of what comes: a dozen tokens have nearly all of the probability. */
const sure = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [100 + index * 7, 30]));
const arms = {
  'top-k 40': { topK: 40, typicalP: 1 },
  'top-k 40, typical 0.9': { topK: 40, typicalP: 0.9 },
  'whole vocabulary': { topK: 0, typicalP: 1 },
  'whole vocabulary, typical 0.9': { topK: 0, typicalP: 0.9 },
  'the same, a sure model': { topK: 0, typicalP: 0.9, logitBias: sure },
} as const;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const measure = async (): Promise<void> => {
  const settings = engineSettingsSchema.parse({ contextSize: 1024, slots: 1, gpuLayers: 0 });
  const common = { threadLimit: 1, knownThreads: null, checkTensors: false, prefixCache: null } as const;
  const { engine, facts } = await loadModel(
    { type: 'load', path, settings, batchEngine: 'auto', adapters: [], ...common },
    () => undefined,
  );
  engine.setThreads(Number(options.threads));
  const run = async (arm: (typeof arms)[keyof typeof arms], seed: number): Promise<number> => {
    await engine.truncate(0, 0);
    engine.configure(0, {
      sampling: { ...off, logitBias: {}, ...arm, temperature: 0.8, seed },
      history: [],
    });
    let token = seed;
    const startMs = performance.now();
    for (let position = 0; position < Number(options.steps); position += 1) {
      const [sampled] = await engine.decode([
        { sequence: 0, position, tokens: Uint32Array.of(token), want: 'token' },
      ]);
      token = sampled?.token ?? 0;
    }
    return Number(options.steps) / ((performance.now() - startMs) / 1000);
  };
  const results = new Map<string, number[]>();
  for (let round = 0; round <= Number(options.rounds); round += 1)
    for (const [name, arm] of round % 2 === 0 ? Object.entries(arms) : Object.entries(arms).toReversed()) {
      const rate = await run(arm, round);
      // the first round warms up
      if (round > 0) results.set(name, [...(results.get(name) ?? []), rate]);
    }
  process.stdout.write(
    `${path}, vocabulary ${facts.vocabularySize}, ${options.threads} threads, n ${options.rounds} rounds of ${options.steps} tokens; tokens/s: median (least–most)\n`,
  );
  for (const [name, rates] of results)
    process.stdout.write(
      `${name.padEnd(30)} ${median(rates).toFixed(1).padStart(7)} (${Math.min(...rates).toFixed(1)}–${Math.max(...rates).toFixed(1)})\n`,
    );
};

// as in an engine child: with a larger pool each decode lands on another thread
const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
const { UV_THREADPOOL_SIZE: pool } = process.env;
if (pool === '1') await measure();
else spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' });

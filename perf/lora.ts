import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mixAdapters } from '../electron/engine/host/adapter-mix.ts';
import { loadModel } from '../electron/engine/host/llama/load-model.ts';
import { engineSettingsSchema } from '../shared/contract/models.ts';
import { writeAdapter } from '../test/support/lora-adapter.ts';

/**
 * What adapters cost a step: milliseconds of a decode of one sequence without any, with one, and with another one than
 * the step before, for which llama.cpp plans its graph anew. In turns; the adapters are random, of rank 16.
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '15' },
    steps: { type: 'string', default: '64' },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const path = options.model ?? `${root}resources/model/dyno-demo-4m-f16.gguf`;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const measure = async (): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'dyno-lora-'));
  const files = [];
  for (const seed of [1, 2]) {
    const target = join(folder, `${seed}.gguf`);
    await writeAdapter({ model: path, path: target, seed, rank: 16, strength: 0.01 });
    files.push({ path: target, scale: 0, sha256: `${seed}`, sizeBytes: 0 });
  }
  const settings = engineSettingsSchema.parse({ contextSize: 1024, slots: 1, gpuLayers: 0 });
  const common = { threadLimit: 1, knownThreads: null, checkTensors: false, prefixCache: null } as const;
  const { engine } = await loadModel(
    { type: 'load', path, settings, batchEngine: 'auto', adapters: files, ...common },
    () => undefined,
  );
  await rm(folder, { recursive: true });
  engine.setThreads(Number(options.threads));
  const none = mixAdapters(files, []);
  const first = mixAdapters(files, [{ id: 0, scale: 1 }]);
  const second = mixAdapters(files, [{ id: 1, scale: 1 }]);
  const arms = { 'no adapter': [none], 'one adapter': [first], 'another every step': [first, second] };

  const run = async (mixes: readonly (typeof none)[]): Promise<number> => {
    await engine.truncate(0, 0);
    const stepMs: number[] = [];
    for (let position = 0; position < Number(options.steps); position += 1) {
      engine.useAdapters(mixes[position % mixes.length] ?? none);
      const startMs = performance.now();
      await engine.decode([{ sequence: 0, position, tokens: Uint32Array.of(position + 5), want: 'logits' }]);
      stepMs.push(performance.now() - startMs);
    }
    return median(stepMs);
  };
  const results = new Map<string, number[]>();
  for (let round = 0; round <= Number(options.rounds); round += 1)
    for (const [name, mixes] of round % 2 === 0 ? Object.entries(arms) : Object.entries(arms).toReversed()) {
      const ms = await run(mixes);
      // the first round warms up
      if (round > 0) results.set(name, [...(results.get(name) ?? []), ms]);
    }
  process.stdout.write(
    `${path}, ${options.threads} threads, n ${options.rounds} rounds of ${options.steps} steps; ms per step: median of the rounds' medians (least–most)\n`,
  );
  for (const [name, ms] of results)
    process.stdout.write(
      `${name.padEnd(20)} ${median(ms).toFixed(3)} (${Math.min(...ms).toFixed(3)}–${Math.max(...ms).toFixed(3)})\n`,
    );
};

// as in an engine child: with a larger pool each decode lands on another thread
const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
const { UV_THREADPOOL_SIZE: pool } = process.env;
if (pool === '1') await measure();
else spawnSync(process.execPath, process.argv.slice(1), { env, stdio: 'inherit' });

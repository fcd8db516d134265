import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { loadModel } from '../electron/engine/host/llama/load-model.ts';
import { synthesizeModel } from '../electron/models/synthesize.ts';
import { createNodeFiles } from '../electron/platform/node/files.ts';
import { engineSettingsSchema } from '../shared/contract/models.ts';

/**
 * Does a larger libuv pool pay? Decoding and sampling run there: with one thread the samplers of a step queue behind
 * each other, with more a decode lands on another thread each time. The case where it could pay most: 8 sequences and a
 * vocabulary of 151,936 (Qwen2 0.5B's shape). One child per pool size; they take turns, a few steps each.
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    pools: { type: 'string', default: '1,2,4' },
    threads: { type: 'string', default: '1,2' },
    rounds: { type: 'string', default: '6' },
    steps: { type: 'string', default: '8' },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const path = options.model ?? `${root}.cache/perf/qwen2-0.5b-q4_0.gguf`;
const slots = 8;

const samplings = {
  greedy: { temperature: 0, topK: 0 },
  'T 0.8, top-k 40': { temperature: 0.8, topK: 40 },
} as const;
const taskSchema = z.object({ sampling: z.enum(['greedy', 'T 0.8, top-k 40']), threads: z.number() });
const answerSchema = z.object({ stepMs: z.array(z.number()), cpuMs: z.number(), cpuPerWall: z.number() });
type Task = z.infer<typeof taskSchema>;

const serve = async (): Promise<void> => {
  const settings = engineSettingsSchema.parse({ contextSize: 1024, slots, gpuLayers: 0 });
  const { engine } = await loadModel(
    {
      type: 'load',
      path,
      settings,
      threadLimit: 1,
      knownThreads: null,
      batchEngine: 'auto',
      checkTensors: false,
      adapters: [],
      prefixCache: null,
    },
    () => undefined,
  );
  const penalties = { repeatPenalty: 1, repeatLastN: 0, frequencyPenalty: 0, presencePenalty: 0 };
  const off = { typicalP: 1, topP: 1, minP: 0, ...penalties };
  const run = async ({ sampling, threads }: Task): Promise<z.infer<typeof answerSchema>> => {
    engine.setThreads(threads);
    const sequences = Array.from({ length: slots }, (_, sequence) => sequence);
    for (const sequence of sequences) {
      await engine.truncate(sequence, 0);
      const spec = { ...off, ...samplings[sampling], seed: sequence, logitBias: {} };
      engine.configure(sequence, { sampling: spec, history: [] });
    }
    let next: readonly number[] = sequences;
    const stepMs: number[] = [];
    const cpu = process.cpuUsage();
    const startMs = performance.now();
    for (let position = 0; position < Number(options.steps); position += 1) {
      const stepStartMs = performance.now();
      const sampled = await engine.decode(
        sequences.map((sequence) => ({
          sequence,
          position,
          tokens: Uint32Array.of(next[sequence] ?? 0),
          want: 'token',
        })),
      );
      stepMs.push(performance.now() - stepStartMs);
      next = sampled.map((each) => each?.token ?? 0);
    }
    const { user, system } = process.cpuUsage(cpu);
    const cpuMs = (user + system) / 1000;
    return { stepMs, cpuMs: cpuMs / stepMs.length, cpuPerWall: cpuMs / (performance.now() - startMs) };
  };
  process.on('message', (message) => {
    void run(taskSchema.parse(message)).then((answer) => process.send?.(answer));
  });
  process.send?.('ready');
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

const compare = async (): Promise<void> => {
  if (!existsSync(path))
    await synthesizeModel(createNodeFiles(), { path, shape: 'qwen2-0.5b', type: 'Q4_0' });
  const pools = options.pools.split(',');
  const children: { readonly pool: string; readonly child: ChildProcess }[] = [];
  for (const pool of pools) {
    const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
      env: { ...process.env, UV_THREADPOOL_SIZE: pool },
    });
    await once(child, 'message');
    children.push({ pool, child });
  }
  process.stdout.write(
    `${path}, ${slots} sequences, n ${options.rounds} rounds of ${options.steps} steps; ms per step: median of the rounds' medians (least–most), CPU ms per step, CPU/wall\n`,
  );
  for (const threads of options.threads.split(',').map(Number))
    for (const sampling of taskSchema.shape.sampling.options) {
      const results = new Map(
        pools.map((pool) => [pool, { ms: [] as number[], cpuMs: [] as number[], cpu: [] as number[] }]),
      );
      for (let round = 0; round < Number(options.rounds); round += 1)
        for (const { pool, child } of round % 2 === 0 ? children : children.toReversed()) {
          const answered = once(child, 'message');
          child.send({ sampling, threads } satisfies Task);
          const { stepMs, cpuMs, cpuPerWall } = answerSchema.parse(
            ((await answered) as readonly unknown[])[0],
          );
          results.get(pool)?.ms.push(median(stepMs.slice(1)));
          results.get(pool)?.cpuMs.push(cpuMs);
          results.get(pool)?.cpu.push(cpuPerWall);
        }
      for (const [pool, { ms, cpuMs, cpu }] of results)
        process.stdout.write(
          `threads ${threads}  ${sampling.padEnd(16)} pool ${pool}  ${median(ms).toFixed(1).padStart(7)} (${Math.min(...ms).toFixed(1)}–${Math.max(...ms).toFixed(1)})  CPU ${median(cpuMs).toFixed(1)} (${Math.min(...cpuMs).toFixed(1)}–${Math.max(...cpuMs).toFixed(1)})  ${median(cpu).toFixed(2)}\n`,
        );
    }
  for (const { child } of children) child.kill('SIGKILL');
};

if (process.send === undefined) await compare();
else await serve();

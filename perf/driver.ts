import { fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { createDriver, type WindowResult } from '../electron/bench/driver/create-driver.ts';
import { createNodeProcesses } from '../electron/platform/node/processes.ts';
import { sourceEntries } from '../electron/platform/node/worker-entries.ts';
import { watchCpu, type CpuReading } from './engine/cpu-meter.ts';

/**
 * How far the load driver's stamps are from the truth, and how many streams it holds. The truth is the moment at which the
 * server, a process of its own, wrote a token; both read the machine's monotonic clock. What is measured includes the
 * kernel's loopback and the scheduler.
 *
 * `--realtime`: both processes run under the kernel's real-time policy (Linux, root, `chrt` of util-linux), so that a
 * machine busy with other work shows the driver's own error and not the time it waited for a core. Repetitions are printed
 * one by one.
 */
const gapMs = 20;
const ttftMs = 50;
const repetitions = Number(
  process.argv.find((flag) => flag.startsWith('--repetitions='))?.split('=')[1] ?? 5,
);
const isRealtime = process.argv.includes('--realtime');
const loads = [
  { streams: 64, tokens: 250, gapMs },
  { streams: 500, tokens: 50, gapMs: 100 },
];

const ready = z.object({ type: z.literal('ready'), port: z.number() });
const told = z.object({ stamps: z.array(z.tuple([z.string(), z.array(z.number())])) });
const firstOf = (reply: unknown): unknown => (Array.isArray(reply) ? reply[0] : undefined);

const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN;
};
const ms = (value: number): string => `${value.toFixed(3)} ms`;
const out = (text: string): void => void process.stdout.write(`${text}\n`);

interface Errors {
  readonly ttft: readonly number[];
  readonly gap: readonly number[];
  readonly result: WindowResult;
  readonly cpu: CpuReading;
}

/** First in, first out, before every ordinary process, for all threads of one. */
const makeRealtime = (pid: number): void => {
  const { status } = spawnSync('chrt', ['--all-tasks', '--fifo', '--pid', '1', String(pid)]);
  if (status !== 0) throw new TypeError('--realtime needs Linux, root and chrt');
};

const root = fileURLToPath(new URL('..', import.meta.url));
const driverPids: number[] = [];
const processes = createNodeProcesses(sourceEntries(root));
await using driver = createDriver({
  ...processes,
  spawnWorker: (kind, options) => {
    const worker = processes.spawnWorker(kind, options);
    if (worker.pid !== undefined) driverPids.push(worker.pid);
    return worker;
  },
});

/** One window; every stream sends one request, begun one after the other within a gap as real users would be. */
const measure = async (
  server: ReturnType<typeof fork>,
  port: number,
  { streams, tokens, gapMs: ownGapMs }: (typeof loads)[number],
): Promise<Errors> => {
  const texts = Array.from({ length: streams }, (_, index) => `prompt ${index}`);
  const cpu = watchCpu(driverPids);
  const result = await driver.run(
    {
      id: `perf-${streams}-${Math.random()}`,
      target: {
        baseUrl: `http://127.0.0.1:${port}/v1`,
        apiKey: '',
        headers: {},
        modelName: 'paced',
        dialect: 'openai-chat',
        takes: { ignoreEos: true, cachePrompt: true },
      },
      pacing: { type: 'open', maxInFlight: streams },
      requests: texts.map((_, index) => ({
        index,
        stream: index,
        promptTokens: 8,
        outputTokens: tokens,
        offsetMs: (index * ownGapMs * 10) / streams,
        text: index,
      })),
      texts,
      reusesPrompts: false,
      repetition: 0,
      isWarmup: false,
      seed: 1,
      idleTimeoutMs: 30_000,
    },
    { signal: new AbortController().signal, onTick: () => undefined },
  );
  const reading = cpu.stop();
  const reply = once(server, 'message');
  server.send('stamps');
  const truth = new Map(told.parse(firstOf(await reply)).stamps);
  const pairs = result.samples.flatMap((sample) => {
    const wrote = truth.get(`prompt ${sample.index}`) ?? [];
    const [first = NaN] = wrote;
    if (sample.firstTokenMs === null || sample.gapsMs.length !== wrote.length - 1) return [];
    return [
      {
        ttft: Math.abs(sample.sentAtMs + sample.firstTokenMs - first),
        gaps: sample.gapsMs.map((gap, at) => Math.abs(gap - ((wrote[at + 1] ?? NaN) - (wrote[at] ?? NaN)))),
      },
    ];
  });
  return {
    ttft: pairs.map((pair) => pair.ttft),
    gap: pairs.flatMap((pair) => pair.gaps),
    result,
    cpu: reading,
  };
};

for (const load of loads) {
  const server = fork(fileURLToPath(new URL('driver/paced-server.ts', import.meta.url)), [
    String(ttftMs),
    String(load.gapMs),
  ]);
  const { port } = ready.parse(firstOf(await once(server, 'message')));
  if (isRealtime) for (const pid of [...driverPids, server.pid ?? 0]) makeRealtime(pid);
  out(
    `\n${load.streams} streams × ${1000 / load.gapMs} events/s, ${load.tokens} tokens each${isRealtime ? ', real-time policy' : ''}`,
  );
  await measure(server, port, load); // the first window warms the compiler and opens the connections
  const all: Errors[] = [];
  for (let repetition = 1; repetition <= repetitions; repetition += 1) {
    const errors = await measure(server, port, load);
    all.push(errors);
    const failed = errors.result.samples.filter((sample) => sample.error !== null).length;
    out(
      `  ${repetition}: TTFT error p50 ${ms(quantile(errors.ttft, 0.5))} p99 ${ms(quantile(errors.ttft, 0.99))} (n ${errors.ttft.length}), ` +
        `gap error p50 ${ms(quantile(errors.gap, 0.5))} p99 ${ms(quantile(errors.gap, 0.99))} (n ${errors.gap.length}), ` +
        `failed ${failed}, driver CPU ${(errors.cpu.cpuPerWall * 100).toFixed(0)} %, others ${(errors.cpu.foreignCpu * 100).toFixed(0)} %, loop delay p99 ${ms(errors.result.eventLoopDelayP99Ms)}`,
    );
  }
  const ttft = all.flatMap((errors) => errors.ttft);
  const gap = all.flatMap((errors) => errors.gap);
  const best = Math.min(...all.map((errors) => quantile(errors.gap, 0.99)));
  out(
    `  all: TTFT error p99 ${ms(quantile(ttft, 0.99))} (n ${ttft.length}), gap error p99 ${ms(quantile(gap, 0.99))} (n ${gap.length}), quietest repetition ${ms(best)}`,
  );
  server.kill();
}

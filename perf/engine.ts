import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { EngineReplica, LadderTest } from '../electron/engine/index.ts';
import { synthesizeModel } from '../electron/models/synthesize.ts';
import { engineSettingsSchema } from '../shared/contract/models.ts';
import { runChats, type ChatSample } from './engine/chat-load.ts';
import { watchCpu } from './engine/cpu-meter.ts';
import { openPool } from './engine/dyno-ports.ts';
import {
  runBatchedBench,
  runLlamaBench,
  startLlamaServer,
  type ChatServer,
  type Sample,
} from './engine/peers.ts';
import { printComparison } from './engine/report.ts';

/**
 * Dyno's engine against llama.cpp's own programs on the same file, in one run: repetitions of the two alternate, and
 * each is printed with the CPU it got and the CPU others took, so that a disturbed one can be told.
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string', multiple: true },
    'llama-bench': { type: 'string' },
    'llama-batched-bench': { type: 'string' },
    'llama-server': { type: 'string' },
    threads: { type: 'string' },
    repetitions: { type: 'string', default: '5' },
    only: { type: 'string', default: 'prefill,decode,batched,chat' },
  },
});

const repetitions = Number(options.repetitions);
const wanted = new Set(options.only.split(','));
const signal = new AbortController().signal;
const sequencesOf = [1, 2, 4, 8] as const;
const clientsOf = [1, 4, 8] as const;
const slots = 8;
const contextSize = 1024;

const root = fileURLToPath(new URL('..', import.meta.url));
const bundled = `${root}resources/model/dyno-demo-4m-f16.gguf`;
const synthesized = `${root}.cache/perf/llama-0.5b-q4_0.gguf`;

const modelsToRun = async (): Promise<readonly string[]> => {
  if (options.model !== undefined) return options.model;
  if (!existsSync(synthesized)) {
    const { ports } = openPool();
    await synthesizeModel(ports.files, { path: synthesized, shape: 'llama-0.5b', type: 'Q4_0' });
  }
  return [bundled, synthesized];
};

const ladder = async (replica: EngineReplica, test: LadderTest): Promise<Sample> => {
  const pid = replica.snapshot().pid;
  const cpu = watchCpu(pid === null ? [] : [pid]);
  const { tokensPerSecond, cpuPerWall } = await replica.runLadder(test, { signal });
  return { tokensPerSecond, cpuPerWall, foreignCpu: cpu.stop().foreignCpu };
};

const measureLadders = async (
  replica: EngineReplica,
  model: string,
  { threads, useMmap }: { readonly threads: number; readonly useMmap: boolean },
): Promise<void> => {
  const bench = options['llama-bench'];
  for (const kind of ['prefill', 'decode'] as const) {
    if (!wanted.has(kind)) continue;
    const tokens = kind === 'prefill' ? 512 : 64;
    const own: Sample[] = [];
    const theirs: Sample[] = [];
    const test: LadderTest = { kind, tokens, depth: 0, sequences: 1, seed: 1 };
    await replica.runLadder(test, { signal }); // llama-bench warms up, too
    for (let repetition = 0; repetition < repetitions; repetition += 1) {
      own.push(await ladder(replica, { ...test, seed: repetition + 1 }));
      if (bench !== undefined)
        theirs.push(await runLlamaBench(bench, { model, threads, kind, tokens, useMmap }));
    }
    printComparison(`${kind} ${tokens} tokens, 1 sequence`, own, { name: 'llama-bench', samples: theirs });
  }
  if (!wanted.has('batched')) return;
  const batched = options['llama-batched-bench'];
  const shape = { promptTokens: 64, tokens: 32, sequences: sequencesOf };
  const own = new Map<number, Sample[]>(sequencesOf.map((sequences) => [sequences, []]));
  const theirs = new Map<number, Sample[]>(sequencesOf.map((sequences) => [sequences, []]));
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const sequences of sequencesOf)
      own.get(sequences)?.push(
        await ladder(replica, {
          kind: 'decode',
          tokens: shape.tokens,
          depth: shape.promptTokens,
          sequences,
          seed: repetition + 1,
        }),
      );
    if (batched === undefined) continue;
    const run = await runBatchedBench(batched, { model, threads, useMmap, ...shape });
    for (const [sequences, sample] of run) theirs.get(sequences)?.push(sample);
  }
  for (const sequences of sequencesOf)
    printComparison(
      `decode, ${sequences} sequences at depth ${shape.promptTokens}`,
      own.get(sequences) ?? [],
      {
        name: 'llama-batched-bench',
        samples: theirs.get(sequences) ?? [],
      },
    );
};

const hostMessage = z.object({ url: z.string(), apiKey: z.string(), enginePid: z.number() });

const startDynoServer = (model: string, threads: number, useMmap: boolean): Promise<ChatServer> =>
  new Promise((resolve, reject) => {
    const entry = new URL('./engine/gateway-host.ts', import.meta.url);
    const child = fork(entry, [model, threads, slots, contextSize, useMmap].map(String), {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const exited = new Promise<void>((done) => child.once('close', () => done()));
    child.once('error', reject);
    child.once('message', (message) => {
      const { url, apiKey, enginePid } = hostMessage.parse(message);
      resolve({
        url,
        apiKey,
        pids: [...(child.pid === undefined ? [] : [child.pid]), enginePid],
        [Symbol.asyncDispose]: async () => {
          child.kill('SIGKILL');
          await exited;
        },
      });
    });
  });

const sentences =
  'Explain in a few sentences how a language model reads a prompt and writes an answer, step by step, and what each part of the machine does meanwhile. ';

const measureChats = async (
  model: string,
  { threads, useMmap }: { readonly threads: number; readonly useMmap: boolean },
): Promise<void> => {
  const binary = options['llama-server'];
  // one server at a time holds the cores; both stay loaded, so that repetitions can alternate
  await using dyno = await startDynoServer(model, threads, useMmap);
  await using peer =
    binary === undefined
      ? undefined
      : await startLlamaServer(binary, { model, threads, slots, contextSize, useMmap });
  for (const clients of clientsOf) {
    const own: ChatSample[] = [];
    const theirs: ChatSample[] = [];
    for (let repetition = -1; repetition < repetitions; repetition += 1) {
      // the words differ from the first on, so that no prefix cache helps either side
      const promptOf = (client: number) =>
        `Case ${clients * 1000 + (repetition + 2) * 37 + client * 7}: ${sentences.repeat(3)}`;
      const task = { clients, tokens: 64, promptOf };
      const ownSample = await runChats(dyno, task);
      const theirSample = peer === undefined ? undefined : await runChats(peer, task);
      if (repetition < 0) continue; // warm-up
      own.push(ownSample);
      if (theirSample !== undefined) theirs.push(theirSample);
    }
    const named = { name: 'llama-server', samples: theirs };
    printComparison(`${clients} streaming chats: tokens of all`, own, named);
    printComparison(`${clients} streaming chats: TTFT`, own, named, ({ ttftMs }) => ttftMs, 'ms');
  }
};

for (const model of await modelsToRun()) {
  const { pool } = openPool();
  const settings = engineSettingsSchema.parse({
    slots,
    contextSize,
    gpuLayers: 0,
    ...(options.threads !== undefined && { threads: Number(options.threads) }),
  });
  const replica = await pool.acquire(
    { modelId: 'perf', path: model, settings, isExclusive: true },
    { signal },
  );
  const { threads, useMmap, batchEngine, llamaCppRelease } = replica.facts();
  console.log(
    `${model}\n  threads ${threads}, mmap ${useMmap}, ${batchEngine} engine, llama.cpp ${llamaCppRelease}`,
  );
  await measureLadders(replica, model, { threads, useMmap });
  await replica[Symbol.asyncDispose]();
  await pool[Symbol.asyncDispose]();
  if (wanted.has('chat')) await measureChats(model, { threads, useMmap });
}

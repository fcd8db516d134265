import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createInspector, createScorer } from '../electron/engine/index.ts';
import { createNodePorts } from '../electron/platform/node/create-ports.ts';
import { createLineLogger } from '../electron/platform/node/logger.ts';
import { sourceEntries } from '../electron/platform/node/worker-entries.ts';
import { watchCpu } from './engine/cpu-meter.ts';
import { runToEnd, type Sample } from './engine/peers.ts';
import { printComparison } from './engine/report.ts';

/**
 * What judging a quantization takes against llama.cpp's perplexity tool: the same base, candidate, text and windows, in
 * turn. Dyno reads base and candidate side by side; the tool reads the base, writes its log-probabilities to disk, and
 * reads the candidate against them. Process start, load and tokenizing count on both sides.
 */
const { values: options } = parseArgs({
  options: {
    'llama-perplexity': { type: 'string' },
    base: { type: 'string' },
    candidate: { type: 'string' },
    windows: { type: 'string', default: '24' },
    threads: { type: 'string', default: '1' },
    repetitions: { type: 'string', default: '3' },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const base = options.base ?? `${root}resources/model/dyno-demo-4m-f16.gguf`;
const textPath = `${root}resources/text/heldout.txt`;
const windows = Number(options.windows);
const threads = Number(options.threads);
const contextSize = 512;
const q4KM = 15;

const log = createLineLogger((line) => process.stderr.write(line), 'warn');
const ports = createNodePorts({ resources: `${root}resources`, entryOf: sourceEntries(root), log });
const never = new AbortController().signal;
const folder = await mkdtemp(join(tmpdir(), 'dyno-perf-quality-'));

const makeCandidate = async (): Promise<string> => {
  const targetPath = join(folder, 'candidate.gguf');
  await createInspector(ports).quantize(
    { sourcePath: base, targetPath, ftype: q4KM, threads, allowRequantize: false },
    { signal: never, onProgress: () => undefined },
  );
  return targetPath;
};

/** Base and candidate read every window once. */
const tokens = 2 * windows * contextSize;
const perThousand = ({ tokensPerSecond }: Sample): number => 1e6 / tokensPerSecond;

const runDyno = async (candidate: string): Promise<Sample> => {
  let meter: ReturnType<typeof watchCpu> | undefined;
  const scorer = createScorer({
    ...ports,
    tidyUp: () => undefined, // nothing is cancelled here
    processes: {
      ...ports.processes,
      spawnWorker: (kind, how) => {
        const child = ports.processes.spawnWorker(kind, how);
        meter = watchCpu(child.pid === undefined ? [] : [child.pid]);
        return child;
      },
    },
  });
  const startedMs = performance.now();
  await scorer.score(
    {
      reference: { type: 'model', file: { path: base, gpuLayers: 0 }, textPath },
      candidates: [{ file: { path: candidate, gpuLayers: 0 }, done: [] }],
      contextSize,
      maxWindows: windows,
      backend: 'cpu',
      useMmap: 'auto',
      threads: { limit: threads, isFixed: true },
      topK: null,
    },
    { onOpened: () => undefined, onWindow: () => undefined },
    never,
  );
  const wallMs = performance.now() - startedMs;
  const cpu = meter?.stop() ?? { cpuPerWall: NaN, foreignCpu: NaN };
  return { tokensPerSecond: (1000 * tokens) / wallMs, ...cpu };
};

const runTool = async (tool: string, candidate: string): Promise<Sample> => {
  const stored = join(folder, 'base.kld');
  const common = [
    '-t',
    String(threads),
    '-ngl',
    '0',
    '-c',
    String(contextSize),
    '--kl-divergence-base',
    stored,
  ];
  const startedMs = performance.now();
  const first = await runToEnd(tool, ['-m', base, '-f', textPath, '--chunks', options.windows, ...common]);
  const second = await runToEnd(tool, ['-m', candidate, '--kl-divergence', ...common]);
  const wallMs = performance.now() - startedMs;
  return {
    tokensPerSecond: (1000 * tokens) / wallMs,
    cpuPerWall: (first.cpuPerWall + second.cpuPerWall) / 2,
    foreignCpu: (first.foreignCpu + second.foreignCpu) / 2,
  };
};

try {
  const candidate = options.candidate ?? (await makeCandidate());
  const tool = options['llama-perplexity'];
  const own: Sample[] = [];
  const theirs: Sample[] = [];
  for (let repetition = 0; repetition < Number(options.repetitions); repetition += 1) {
    own.push(await runDyno(candidate));
    if (tool !== undefined) theirs.push(await runTool(tool, candidate));
  }
  const peer = tool === undefined ? undefined : { name: 'llama-perplexity', samples: theirs };
  console.log(`${windows} windows of ${contextSize} tokens, base and candidate, ${threads} threads`);
  printComparison('per 1,000 tokens', own, peer, perThousand, 'ms');
  printComparison('tokens read', own, peer);
} finally {
  await rm(folder, { recursive: true, force: true });
}

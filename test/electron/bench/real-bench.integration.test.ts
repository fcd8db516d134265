import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBench, type Bench, type BenchPorts, type ModelMaker } from '../../../electron/bench/index.ts';
import { createEnginePool } from '../../../electron/engine/index.ts';
import { openBenchTarget } from '../../../electron/app/bench-target.ts';
import { createNodeClock } from '../../../electron/platform/node/clock.ts';
import { createNodeFiles } from '../../../electron/platform/node/files.ts';
import { createNodeProcesses } from '../../../electron/platform/node/processes.ts';
import { createNodeRandom } from '../../../electron/platform/node/random.ts';
import { sourceEntries } from '../../../electron/platform/node/worker-entries.ts';
import { openStorage, type Storage } from '../../../electron/storage/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { EventBody } from '../../../shared/events/events.ts';
import { benchInventory, benchModel } from '../../support/bench-world.ts';
import { createFakeHost } from '../../support/fake-host.ts';
import { createFakeLog } from '../../support/fake-log.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const demo = join(root, 'resources/model/dyno-demo-4m-f16.gguf');

/** These runs make and judge no files; the shoot-out's test does. */
const refuse = () => Promise.reject(new AppError('app.internal', 'nothing is made here'));
const noMaker: ModelMaker = { find: refuse, freePath: refuse, make: refuse };

interface RealBench extends AsyncDisposable {
  readonly bench: Bench;
  readonly storage: Storage;
  readonly events: readonly EventBody[];
  readonly replicas: () => number;
}

/** Real llama.cpp, driver, HTTP server and database; only the sensors are told. */
const openBench = async (folder: string, availableMemoryBytes?: number): Promise<RealBench> => {
  await using scope = new AsyncDisposableStack();
  const clock = createNodeClock();
  const random = createNodeRandom();
  const log = createFakeLog();
  const host = createFakeHost({ availableParallelism: () => 2 });
  const processes = createNodeProcesses(sourceEntries(root));
  const files = createNodeFiles();
  const storage = scope.use(openStorage(join(folder, 'dyno.db')));
  const engines = scope.use(
    createEnginePool({
      processes,
      clock,
      log,
      random,
      host,
      files,
      facts: storage.facts,
      validate: () => Promise.resolve(),
    }),
  );
  const events: EventBody[] = [];
  const model = benchModel('F16', {
    id: 'demo',
    path: join(folder, 'demo.gguf'),
    contextLength: 1024,
    sizeBytes: 8e6,
    sha256: null,
  });
  const ports: BenchPorts = {
    clock,
    random,
    log,
    files,
    processes,
    host:
      availableMemoryBytes === undefined
        ? host
        : { ...host, availableMemoryBytes: () => availableMemoryBytes },
    folders: { resources: join(root, 'resources') },
    runs: storage.runs,
    facts: storage.facts,
    engines,
    resolveModel: () => Promise.resolve(model),
    maker: noMaker,
    foreignRun: () => undefined,
    judge: { check: refuse, judge: refuse },
    chatTemplate: () => Promise.resolve(null),
    openTarget: openBenchTarget({ clock, random, log }),
    watchTelemetry: () => ({ [Symbol.dispose]: () => undefined }),
    inventory: () => Promise.resolve(benchInventory),
    foreignCpuPercent: () => Promise.resolve(null),
    idleProbe: () =>
      Promise.resolve({
        foreignCpuPercent: null,
        availableMemoryBytes: 1e10,
        temperatureC: null,
        powerSource: null,
        governor: null,
        isPowerSaver: null,
      }),
    publish: (event) => void events.push(event),
    version: '0.1.0',
  };
  const bench = createBench(ports);
  const owned = scope.move();
  return {
    bench,
    storage,
    events,
    replicas: () => engines.list().length,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dyno-bench-'));
  await copyFile(demo, join(folder, 'demo.gguf'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the bench on the real engine', () => {
  it('measures one file under two settings in turns and says which is better', async () => {
    await using opened = await openBench(folder);
    const { runId } = await opened.bench.start({
      models: ['demo', 'demo'],
      ownSettings: [{}, { batchSize: 32 }],
      untilDecided: { maxRepetitions: 6 },
      engineTests: [{ kind: 'prefill', tokens: 512 }],
      settings: { threads: 1 },
    });
    await opened.bench.execute(runId, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    const run = opened.bench.get(runId);
    expect(run.models.map(({ modelId, engine }) => [modelId, engine?.batchSize])).toEqual([
      ['demo', 512],
      ['demo (batch 32)', 32],
    ]);
    const [verdict, ...others] = opened.bench.compare([runId]).verdicts;
    expect(others).toEqual([]);
    // how far apart they come out is this machine's business; that each pair was measured and judged is not
    expect(verdict).toMatchObject({ test: 'pp512', metric: 'prefillTps', n: 6, baseN: 6, isFinal: true });
    expect(verdict?.paired?.rounds).toBe(6);
  });

  it('stops within a cell, and a new process measures only what is missing', async () => {
    const stop = new AbortController();
    let runId: string;
    {
      await using first = await openBench(folder);
      ({ runId } = await first.bench.start({ models: ['demo'], repetitions: 2 }));
      const running = first.bench.execute(runId, {
        signal: stop.signal,
        onProgress: (_fraction, _eta, note) => {
          if (note.startsWith('F16 tg128: warm-up')) stop.abort();
        },
      });
      await expect(running).rejects.toMatchObject({ code: 'app.cancelled' });
      expect(first.bench.get(runId).cells.map((cell) => cell.state)).toEqual([
        'done',
        'cancelled',
        'cancelled',
        'cancelled',
      ]);
      expect(first.replicas()).toBe(0);
    }

    await using second = await openBench(folder);
    const prefill = second.bench.get(runId).cells[0];
    await second.bench.execute(runId, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    const run = second.bench.get(runId);
    expect(run.state.type).toBe('done');
    expect(run.cells[0]).toEqual(prefill);
    expect(
      run.cells.map((cell) => [cell.test, cell.state, cell.counts.repetitions, cell.counts.errors]),
    ).toEqual([
      ['pp512', 'done', 2, 0],
      ['tg128', 'done', 2, 0],
      ['single-stream', 'done', 2, 0],
      ['closed-loop x4', 'done', 2, 0],
    ]);
    expect(second.events.some((event) => 'cellId' in event && event.cellId === 'c1-1')).toBe(false);
    expect(run.models[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(run.models[0]?.engine).toMatchObject({ contextSize: 512, slots: 4 });

    // every request got exactly the prompt and the answer that were asked for, out of no cache
    const samples = second.bench.samples(runId);
    expect(
      new Set(
        samples.map((sample) => `${sample.promptTokens} ${sample.cachedTokens} ${sample.outputTokens}`),
      ),
    ).toEqual(new Set(['128 0 64']));
    expect(new Set(samples.map((sample) => sample.finishReason))).toEqual(new Set(['length']));
  });

  it('sweeps over numbers of sequences, and after a cancel measures only the candidate that was not finished', async () => {
    const noRoom = 1; // one engine at a time, so that the first candidate is finished before the second is loaded
    const stop = new AbortController();
    let sweepId: string;
    {
      await using first = await openBench(folder, noRoom);
      ({ id: sweepId } = await first.bench.sweeps.start({
        model: 'demo',
        axes: { sequences: [1, 4] },
        decodeTokens: 32,
        firstRepetitions: 1,
        finalRepetitions: 2,
        settings: { threads: 1 },
      }));
      const running = first.bench.sweeps.execute(sweepId, {
        signal: stop.signal,
        onProgress: ({ note }) => {
          if (note === '4 sequences: warm-up 1') stop.abort();
        },
      });
      await expect(running).rejects.toMatchObject({ code: 'app.cancelled' });
      expect(first.replicas()).toBe(0);
    }

    await using second = await openBench(folder, noRoom);
    const kept = second.bench.sweeps.get(sweepId);
    expect(kept.state.type).toBe('cancelled');
    expect(kept.candidates.map(({ repetitions }) => repetitions.length)).toEqual([2, 0]);
    const notes: string[] = [];
    await second.bench.sweeps.execute(sweepId, {
      signal: new AbortController().signal,
      onProgress: ({ note }) => notes.push(note),
    });
    const done = second.bench.sweeps.get(sweepId);
    expect(done).toMatchObject({ state: { type: 'done' }, order: 'blocks' });
    expect(done.candidates[0]?.repetitions).toEqual(kept.candidates[0]?.repetitions);
    expect(notes.filter((note) => note.startsWith('Dyno’s own choice'))).toEqual([]);
    expect(done.candidates.map(({ sequences, decodeTps }) => [sequences, decodeTps?.n])).toEqual([
      [1, 2],
      [4, 2],
    ]);
    expect(done.winnerId).not.toBeNull();
    expect(second.replicas()).toBe(0);
  });
});

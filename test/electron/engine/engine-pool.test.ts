import { describe, expect, it } from 'vitest';
import { createEnginePool } from '../../../electron/engine/index.ts';
import type { GenerateEvent, GenerateRequest, LoadSpec } from '../../../electron/engine/index.ts';
import { isHostMessage, type ChildMessage, type HostMessage } from '../../../electron/engine/protocol.ts';
import { identifyModel } from '../../../electron/models/index.ts';
import { engineSettingsSchema } from '../../../shared/contract/models.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeFacts as createEngineFacts } from '../../support/fake-engine.ts';
import { createFakeFacts } from '../../support/fake-facts.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { createFakeHost } from '../../support/fake-host.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { createFakeProcesses, type FakeWorker } from '../../support/fake-processes.ts';
import { createFakeRandom } from '../../support/fake-random.ts';
import { greedy } from '../../support/greedy.ts';
import { thrownBy } from '../../support/thrown-by.ts';

const path = '/models/a.gguf';
const signal = new AbortController().signal;
const idle = { running: 0, queued: 0, kvTokens: 0, residentBytes: 1, loopDelayP99Ms: null };

type ChildPlay = (worker: FakeWorker, message: HostMessage) => void;

const reply = (worker: FakeWorker, message: ChildMessage): void => worker.emit(message);
const loaded = (worker: FakeWorker): void =>
  reply(worker, { type: 'loaded', facts: createEngineFacts(), measuredThreads: { decode: 3, prefill: 4 } });

/** What a load was expected to take. */
const expectation = {
  weightsBytes: 1,
  kvCacheBytes: 1,
  processBytes: 1,
  ramBytes: 3,
  vramBytes: 0,
  basis: 'default',
  n: 0,
} as const;

/** A child that loads at once, unless the test plays another part. */
const open = (
  play: ChildPlay = (worker, message) => message.type === 'load' && loaded(worker),
  onTold: () => void = () => undefined,
) => {
  const clock = createFakeClock();
  const facts = createFakeFacts();
  const files = createFakeFiles({ [path]: 'GGUF', '/models/b.gguf': 'GGUF' });
  const processes = createFakeProcesses({
    workers: {
      engine: (worker) =>
        worker.onSent((message) => {
          if (isHostMessage(message)) play(worker, message);
        }),
    },
  });
  const states: string[] = [];
  const validated: string[] = [];
  const recorded: string[] = [];
  const pool = createEnginePool({
    processes,
    clock,
    facts,
    files,
    log: createFakeLog(),
    random: createFakeRandom(),
    host: createFakeHost(),
    validate: (file) => {
      validated.push(file);
      return Promise.resolve();
    },
    memory: {
      record: (modelId) => {
        recorded.push(modelId);
        return expectation;
      },
    },
    onReplicaChange: ({ state }) => {
      states.push(state.type);
      onTold();
    },
  });
  return { clock, facts, files, processes, pool, states, validated, recorded };
};
const spec = (more: Partial<LoadSpec> = {}): LoadSpec => ({
  modelId: 'a',
  path,
  settings: engineSettingsSchema.parse({}),
  isExclusive: false,
  ...more,
});
const request = (id: string): GenerateRequest => ({
  id,
  prompt: { type: 'text', text: 'Hi' },
  sampling: greedy,
  maxTokens: 4,
  stop: [],
});

describe('acquiring an engine', () => {
  it('validates the file, loads it in a child of its own, and publishes every state', async () => {
    const { pool, states, validated, processes } = open();
    const fractions: number[] = [];
    const replica = await pool.acquire(spec(), {
      signal,
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(validated).toEqual([path]);
    expect(states).toEqual(['loading', 'ready']);
    expect(replica.facts().batchEngine).toBe('fast');
    await replica[Symbol.asyncDispose]();
    expect(states).toEqual(['loading', 'ready', 'stopping', 'stopped']);
    expect(processes.workers.map(({ hasExited }) => hasExited)).toEqual([true]);
    expect(pool.list()).toEqual([]);
  });

  it('shares an engine only with loads of the same adapters, and learns of its memory only without any', async () => {
    const told: (readonly [number, string])[] = [];
    const { pool, recorded } = open((worker, message) => {
      if (message.type !== 'load') return;
      told.push(...message.adapters.map(({ scale, path: file }) => [scale, file] as const));
      loaded(worker);
    });
    const style = { path: '/style.gguf', scale: 1, sha256: 'aa', sizeBytes: 1 };
    const idOf = async (adapters: LoadSpec['adapters']) =>
      (await pool.acquire(spec(adapters && { adapters }), { signal })).id;
    const ids = [
      await idOf(undefined),
      await idOf([]),
      await idOf([style]),
      await idOf([style]),
      await idOf([{ ...style, scale: 0.5 }]),
      await idOf([{ ...style, sha256: 'bb' }]),
    ];
    expect(ids.map((id) => ids.indexOf(id))).toEqual([0, 0, 2, 2, 4, 5]);
    expect(told).toEqual([
      [1, '/style.gguf'],
      [0.5, '/style.gguf'],
      [1, '/style.gguf'],
    ]);
    expect(recorded).toEqual(['a']);
  });

  it('gives the child one pool thread, huge pages and no debugger at an abort', async () => {
    const { pool, processes } = open();
    await pool.acquire(spec(), { signal });
    expect(processes.workers[0]?.options.env).toEqual({
      UV_THREADPOOL_SIZE: '1',
      GGML_NO_BACKTRACE: '1',
      GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
    });
  });

  it('has the weights checked at the first load of a file, and again when it changed', async () => {
    const checks: boolean[] = [];
    const { pool, files } = open((worker, message) => {
      if (message.type !== 'load') return;
      checks.push(message.checkTensors);
      if (checks.length === 1)
        reply(worker, { type: 'load-failed', error: { code: 'models.bad-weights', message: 'NaN' } });
      else loaded(worker);
    });
    expect(await thrownBy(() => pool.acquire(spec(), { signal }))).toMatchObject({
      code: 'models.bad-weights',
    });
    for (const content of ['GGUF', 'GGUF', 'GGUF2', 'GGUF2']) {
      files.put(path, content, 5);
      await (await pool.acquire(spec(), { signal }))[Symbol.asyncDispose]();
    }
    expect(checks).toEqual([true, true, false, true, false]);
  });

  it('names the content it loaded, and does not share an engine with what was written there since', async () => {
    const { pool, files, processes } = open();
    const before = await pool.acquire(spec(), { signal });
    const same = await pool.acquire(spec(), { signal });
    const first = await identifyModel(files, path);
    files.put(path, 'GGUF2', 5);
    const after = await pool.acquire(spec(), { signal });

    expect([before.fileId(), same.fileId()]).toEqual([first, first]);
    expect(after.fileId()).toBe(await identifyModel(files, path));
    expect(processes.workers).toHaveLength(2);
  });

  it('names no content where the file changed, or went, while it was loaded', async () => {
    const { pool, files } = open((worker, message) => {
      if (message.type !== 'load') return;
      if (message.path === path) files.put(path, 'GGUF2', 5);
      else void files.remove(message.path);
      loaded(worker);
    });
    const changed = await pool.acquire(spec(), { signal });
    const gone = await pool.acquire(spec({ path: '/models/b.gguf' }), { signal });
    expect([changed, gone].map((replica) => [replica.state().type, replica.fileId()])).toEqual([
      ['ready', null],
      ['ready', null],
    ]);
  });

  it('never starts native code on a file whose header is refused', async () => {
    const { processes, ...world } = open();
    const pool = createEnginePool({
      ...world,
      processes,
      log: createFakeLog(),
      random: createFakeRandom(),
      host: createFakeHost(),
      validate: () => Promise.reject(new AppError('models.bad-header')),
    });
    expect(await thrownBy(() => pool.acquire(spec(), { signal }))).toMatchObject({
      code: 'models.bad-header',
    });
    expect(processes.workers).toEqual([]);
  });

  it('shares one process among equal specs and stops it with the last holder', async () => {
    const { pool, processes } = open();
    const [one, two] = await Promise.all([
      pool.acquire(spec(), { signal }),
      pool.acquire(spec(), { signal }),
    ]);
    expect(processes.workers.length).toBe(1);
    await one[Symbol.asyncDispose]();
    await one[Symbol.asyncDispose]();
    expect(two.state().type).toBe('ready');
    await two[Symbol.asyncDispose]();
    expect(processes.workers[0]?.hasExited).toBe(true);
  });

  it('gives a benchmark a process that nobody shares', async () => {
    const { pool, processes } = open();
    await pool.acquire(spec(), { signal });
    await pool.acquire(spec({ isExclusive: true }), { signal });
    await pool.acquire(spec({ settings: engineSettingsSchema.parse({ slots: 8 }) }), { signal });
    expect(processes.workers.length).toBe(3);
  });

  it('ends the child when the load is cancelled, and nobody else waits for it', async () => {
    const { pool, processes } = open(() => undefined);
    const stop = new AbortController();
    const loading = thrownBy(() => pool.acquire(spec(), { signal: stop.signal }));
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    expect(await loading).toMatchObject({ code: 'app.cancelled' });
    expect(processes.workers[0]?.hasExited).toBe(true);
    expect(pool.list()).toEqual([]);
  });

  it('keeps the largest memory of a load, and is no news to anybody while only that changes', async () => {
    const { pool, states } = open((worker, message) => {
      if (message.type !== 'load') return;
      for (const residentBytes of [300, 900, 500])
        reply(worker, { type: 'progress', fraction: 1, residentBytes: residentBytes * 2 ** 20 });
      loaded(worker);
    });
    await using replica = await pool.acquire(spec(), { signal });
    expect(replica.facts().memory.loadPeakBytes).toBe(900 * 2 ** 20);
    expect(states).toEqual(['loading', 'loading', 'ready']);
  });

  it('passes on why a load failed', async () => {
    const { pool } = open((worker, message) => {
      if (message.type === 'load')
        reply(worker, { type: 'load-failed', error: { code: 'engine.out-of-memory', message: 'Too big.' } });
    });
    expect(await thrownBy(() => pool.acquire(spec(), { signal }))).toMatchObject({
      code: 'engine.out-of-memory',
      message: 'Too big.',
    });
    expect(pool.list()).toEqual([]);
  });

  it('tells a crash while loading with the last words of the child', async () => {
    const { pool } = open((worker, message) => {
      if (message.type !== 'load') return;
      worker.print('GGML_ASSERT(n_head > 0) failed');
      worker.exit({ signal: 'SIGABRT' });
    });
    const error = await thrownBy(() => pool.acquire(spec(), { signal }));
    expect(error).toMatchObject({ code: 'engine.crashed' });
    expect(error.message).toContain('SIGABRT');
    expect(error.message).toContain('GGML_ASSERT(n_head > 0) failed');
  });

  it('refuses a model after three crashes until its mark is cleared', async () => {
    const { pool, processes } = open(
      (worker, message) => message.type === 'load' && worker.exit({ signal: 'SIGABRT' }),
    );
    for (let attempt = 0; attempt < 3; attempt += 1) await thrownBy(() => pool.acquire(spec(), { signal }));
    expect(await thrownBy(() => pool.acquire(spec(), { signal }))).toMatchObject({
      code: 'engine.marked-bad',
    });
    expect(processes.workers.length).toBe(3);
    pool.clearMark(path);
    expect(await thrownBy(() => pool.acquire(spec(), { signal }))).toMatchObject({ code: 'engine.crashed' });
  });

  it('measures threads once per machine and size, and remembers', async () => {
    const { pool, processes } = open();
    await pool.acquire(spec(), { signal });
    await pool.acquire(spec({ isExclusive: true }), { signal });
    const known = processes.workers.map(({ sent }) =>
      sent.flatMap((message) =>
        isHostMessage(message) && message.type === 'load' ? [message.knownThreads] : [],
      ),
    );
    expect(known).toEqual([[null], [{ decode: 3, prefill: 4 }]]);
  });
});

describe('a crash', () => {
  it('fails the requests of that replica, restarts with back-off, and leaves the others alone', async () => {
    const { pool, processes, clock, states } = open();
    const one = await pool.acquire(spec(), { signal });
    const other = await pool.acquire(spec({ modelId: 'b', path: '/models/b.gguf' }), { signal });
    const events: string[] = [];
    const failed = thrownBy(async () => {
      for await (const event of one.generate(request('r1'), signal)) events.push(event.type);
    });
    const usage = thrownBy(() => one.usage());
    reply(processes.workers[0] ?? expect.fail(), {
      type: 'step',
      events: [['r1', { type: 'started', promptTokens: 2, cachedTokens: 0, queueMs: 0 }]],
      steps: [],
      load: { ...idle, running: 1 },
    });
    processes.workers[0]?.exit({ signal: 'SIGSEGV' });
    expect(await failed).toMatchObject({ code: 'engine.crashed' });
    expect(await usage).toMatchObject({ code: 'engine.crashed' });
    expect(events).toEqual(['started']);
    expect(other.state().type).toBe('ready');

    await clock.advance(0);
    expect(one.state()).toMatchObject({ type: 'restarting', attempt: 1, inMs: 500 });
    expect(() => one.generate(request('r2'), signal)).toThrow(AppError);
    await clock.advance(500);
    expect(one.state().type).toBe('ready');
    expect(states.filter((state) => state === 'restarting').length).toBe(1);
  });

  it('loads what lies at the path by then, and names it', async () => {
    const { pool, processes, files, clock } = open();
    const replica = await pool.acquire(spec(), { signal });
    files.put(path, 'GGUF2', 5);
    processes.workers[0]?.exit({ signal: 'SIGSEGV' });
    await clock.advance(1_000);
    expect(replica.state().type).toBe('ready');
    expect(replica.fileId()).toBe(await identifyModel(files, path));
  });

  it('gives up after three, and says so', async () => {
    const { pool, processes, clock } = open();
    const replica = await pool.acquire(spec(), { signal });
    for (let crash = 0; crash < 3; crash += 1) {
      processes.workers.at(-1)?.exit({ signal: 'SIGABRT' });
      await clock.advance(3_000);
    }
    expect(replica.state()).toMatchObject({ type: 'failed', error: { code: 'engine.marked-bad' } });
    expect(processes.workers.length).toBe(3);
  });

  it('is not restarted once the model is unloaded', async () => {
    const { pool, processes, clock } = open();
    const replica = await pool.acquire(spec(), { signal });
    processes.workers[0]?.exit({ signal: 'SIGABRT' });
    await clock.advance(0);
    await pool.unload(replica.id);
    await clock.advance(10_000);
    expect(processes.workers.length).toBe(1);
    expect(replica.state().type).toBe('stopped');
  });
});

describe('a replica', () => {
  const stepOf = (decoded: number) => ({
    atMs: 1,
    decoded,
    prefilled: 0,
    tookMs: 5,
    sampleMs: 1,
    running: decoded,
    queued: 0,
  });
  const step = (id: string, event: GenerateEvent, running = 1): ChildMessage => ({
    type: 'step',
    events: [[id, event]],
    steps: [stepOf(running)],
    load: { ...idle, running },
  });
  const finished: GenerateEvent = {
    type: 'finished',
    reason: 'aborted',
    usage: { promptTokens: 1, cachedTokens: 0, outputTokens: 0, reasoningTokens: 0 },
    timings: { queueMs: 0, prefillMs: 0, decodeMs: 0 },
  };

  it('asks the child to abort, and ends with its word', async () => {
    const { pool } = open((worker, message) => {
      if (message.type === 'load') loaded(worker);
      if (message.type === 'abort') reply(worker, step(message.id, finished, 0));
    });
    const replica = await pool.acquire(spec(), { signal });
    const stop = new AbortController();
    const events = Array.fromAsync(replica.generate(request('r1'), stop.signal));
    stop.abort();
    expect(await events).toEqual([finished]);
  });

  it('keeps the steps its child tells, one by one, and what they come to', async () => {
    const { pool, processes } = open();
    const { id } = await pool.acquire(spec(), { signal });
    expect(pool.steps(id, 512)).toEqual([]);
    for (const running of [1, 2, 3])
      reply(processes.workers[0] ?? expect.fail(), step('r1', finished, running));
    expect(pool.steps(id, 2)).toEqual([stepOf(2), stepOf(3)]);
    expect(pool.list()[0]?.steps).toMatchObject({ decodeSteps: 3, decodeBatchMean: 2 });
    expect(pool.stepTotals(id)?.decodeMs).toBe(3 * stepOf(1).tookMs);
    expect(pool.stepTotals('nothing')).toBeUndefined();
    expect(() => pool.steps('nothing', 1)).toThrow(expect.objectContaining({ code: 'app.not-found' }));
  });

  it('is stopped also where nobody can be told, the disk being full', async () => {
    let isFull = false;
    const { pool, processes, states } = open(undefined, () => {
      if (isFull) throw new AppError('storage.disk-full');
    });
    const replica = await pool.acquire(spec(), { signal });
    isFull = true;
    await replica[Symbol.asyncDispose]();
    expect(states.slice(-2)).toEqual(['stopping', 'stopped']);
    expect(processes.workers[0]?.hasExited).toBe(true);
  });

  it('aborts a request whose reader goes away', async () => {
    const { pool, processes } = open((worker, message) => {
      if (message.type === 'load') loaded(worker);
      if (message.type === 'generate')
        reply(worker, step('r1', { type: 'started', promptTokens: 1, cachedTokens: 0, queueMs: 0 }));
    });
    const replica = await pool.acquire(spec(), { signal });
    for await (const event of replica.generate(request('r1'), signal)) {
      expect(event.type).toBe('started');
      break;
    }
    expect(processes.workers[0]?.sent.at(-1)).toEqual({ type: 'abort', id: 'r1' });
  });

  it('fails a request the child refuses', async () => {
    const { pool } = open((worker, message) => {
      if (message.type === 'load') loaded(worker);
      if (message.type === 'generate')
        reply(worker, {
          type: 'request-failed',
          id: message.request.id,
          error: { code: 'engine.context-exceeded', message: 'Too long.' },
        });
    });
    const replica = await pool.acquire(spec(), { signal });
    expect(await thrownBy(() => Array.fromAsync(replica.generate(request('r1'), signal)))).toMatchObject({
      code: 'engine.context-exceeded',
    });
  });

  it('shares the cores anew when another engine begins to work', async () => {
    const { pool, processes } = open();
    await pool.acquire(spec(), { signal });
    await pool.acquire(spec({ modelId: 'b', path: '/models/b.gguf' }), { signal });
    for (const worker of processes.workers) reply(worker, step('x', finished, 1));
    const limits = processes.workers.map(({ sent }) =>
      sent.flatMap((message) =>
        isHostMessage(message) && message.type === 'limit-threads' ? [message.threadLimit] : [],
      ),
    );
    expect(limits).toEqual([[8, 4], [4]]);
  });

  it('refuses every call after it was unloaded by someone else', async () => {
    const { pool } = open();
    const replica = await pool.acquire(spec(), { signal });
    const pending = thrownBy(() => replica.tokenize('hi'));
    await pool.unload(replica.id);
    expect(await pending).toMatchObject({ code: 'engine.not-ready' });
    expect(await thrownBy(() => replica.tokenize('hi'))).toMatchObject({ code: 'engine.not-ready' });
  });
});

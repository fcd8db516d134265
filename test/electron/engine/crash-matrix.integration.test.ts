import { copyFile, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EngineReplica } from '../../../electron/engine/index.ts';
import { text, uint32 } from '../../../electron/models/gguf/metadata.ts';
import type { Replica } from '../../../shared/contract/engine.ts';
import { writeTinyModel } from '../../support/gguf-fixtures.ts';
import {
  answerOf,
  demoModelPath,
  greedyRequest,
  openRealPool,
  type RealPool,
} from '../../support/real-pool.ts';
import { thrownBy } from '../../support/thrown-by.ts';

/** ENGINE.md, section 6: what kills llama.cpp must cost one typed error, and nothing else. */
const lives = (pid: number | null): boolean => {
  if (pid === null) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const stateOf = (replica: EngineReplica, type: Replica['state']['type']): Promise<Replica> =>
  new Promise((resolve) => {
    if (replica.state().type === type) resolve(replica.snapshot());
    const watch = replica.onChange((snapshot) => {
      if (snapshot.state.type !== type) return;
      watch[Symbol.dispose]();
      resolve(snapshot);
    });
  });

describe('the crash matrix', () => {
  let world: RealPool;
  let bystander: EngineReplica;
  beforeAll(async () => {
    // without the header check, so that the hostile files reach native code
    world = await openRealPool({ validate: () => Promise.resolve() });
    bystander = await world.load();
  });
  afterAll(() => world[Symbol.asyncDispose]());
  afterEach(async () => {
    const { content } = await answerOf(bystander, greedyRequest('Who are you?'));
    expect(content).toContain('demo model');
    expect(bystander.state().type).toBe('ready');
  });

  const demoBytes = () => readFile(demoModelPath);
  const hostileFiles: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
    'without head_count': (path) => writeTinyModel(path, { dropKeys: ['llama.attention.head_count'] }),
    'without feed_forward_length': (path) =>
      writeTinyModel(path, { dropKeys: ['llama.feed_forward_length'] }),
    'with head_count 0': (path) =>
      writeTinyModel(path, { overrideKeys: { 'llama.attention.head_count': uint32(0) } }),
    'with feed_forward_length 0': (path) =>
      writeTinyModel(path, { overrideKeys: { 'llama.feed_forward_length': uint32(0) } }),
    'with 100000 blocks': (path) =>
      writeTinyModel(path, { overrideKeys: { 'llama.block_count': uint32(100_000) } }),
    'of no bytes': (path) => writeFile(path, ''),
    'of random bytes': (path) =>
      writeFile(
        path,
        Uint8Array.from({ length: 4096 }, (_, index) => (index * 197) % 251),
      ),
    'with a bad magic': async (path) => {
      const bytes = await demoBytes();
      bytes.write('GGML', 0);
      await writeFile(path, bytes);
    },
    'with a bad version': async (path) => {
      const bytes = await demoBytes();
      bytes.writeUInt32LE(999, 4);
      await writeFile(path, bytes);
    },
    'with counts beyond its end': async (path) => {
      const bytes = await demoBytes();
      bytes.writeBigUInt64LE(2n ** 60n, 8);
      await writeFile(path, bytes);
    },
    'of an unknown architecture': (path) =>
      writeTinyModel(path, {
        overrideKeys: { 'general.architecture': text('unheard-of') },
      }),
    'cut to a half': async (path) => {
      await writeTinyModel(path);
      await truncate(path, 60_000);
    },
    'cut to ten bytes': async (path) => writeFile(path, (await demoBytes()).subarray(0, 10)),
  };

  /** Whose headers are sound: only native code finds out. */
  const looseFiles: typeof hostileFiles = {
    'whose tensors have another shape than it says': (path) =>
      writeTinyModel(path, { overrideKeys: { 'llama.feed_forward_length': uint32(512) } }),
    'with a block less than it says': (path) =>
      writeTinyModel(path, { overrideKeys: { 'llama.block_count': uint32(2) } }),
  };
  const allFiles = { ...hostileFiles, ...looseFiles };

  it.each(Object.keys(allFiles))('a file %s is a typed error', async (name) => {
    const path = join(world.folder, `${name.replaceAll(' ', '-')}.gguf`);
    await allFiles[name]?.(path);
    const error = await thrownBy(() => world.load(path));
    expect(['engine.crashed', 'engine.load-failed']).toContain(error.code);
    expect(error.message.length).toBeGreaterThan(20);
    expect(world.pool.list().map(({ modelPath }) => modelPath)).toEqual([demoModelPath]);
  });

  it.each(Object.keys(hostileFiles))(
    'a file %s never reaches native code when headers are checked',
    async (name) => {
      await using guarded = await openRealPool();
      const path = join(guarded.folder, 'hostile.gguf');
      await hostileFiles[name]?.(path);
      const error = await thrownBy(() => guarded.load(path));
      expect(error.code).toMatch(/^models\./);
      expect(guarded.states).toEqual([]);
    },
  );

  it('finds weights that are no numbers at the first load, and looks only once at a file without', async () => {
    const path = join(world.folder, 'weights.gguf');
    const { sizeBytes } = await writeTinyModel(path, { type: 'F16' });
    const checked = (): readonly boolean[] =>
      world.facts.list('engine.weights-checked:').map(({ value }) => value === true);
    const before = checked().length;
    await (await world.load(path))[Symbol.asyncDispose]();
    expect(checked().length).toBe(before + 1);
    await using file = await open(path, 'r+');
    await file.write(Uint8Array.of(0xff, 0x7f), 0, 2, sizeBytes - 4096); // a NaN of 16 bits
    const error = await thrownBy(() => world.load(path));
    expect(error.code).toBe('models.bad-weights');
    expect(error.message).toMatch(/first in [\w.]+/);
    expect(checked().length).toBe(before + 1);
  });

  it('keeps the last words of the loader in the error', async () => {
    const path = join(world.folder, 'no-heads.gguf');
    await writeTinyModel(path, {
      overrideKeys: { 'general.architecture': text('unheard-of') },
    });
    const error = await thrownBy(() => world.load(path));
    expect(error.message).toContain('unheard-of');
    expect(error.details?.log).toBeInstanceOf(Array);
  });

  it('refuses a LoRA adapter by name', async () => {
    await using guarded = await openRealPool();
    const path = join(guarded.folder, 'adapter.gguf');
    await writeTinyModel(path, {
      dropKeys: ['tokenizer.ggml.model', 'tokenizer.ggml.tokens'],
      overrideKeys: { 'general.type': text('adapter'), 'adapter.type': text('lora') },
    });
    expect(await thrownBy(() => guarded.load(path))).toMatchObject({
      code: 'models.unsupported-architecture',
      message: 'adapter.gguf is a LoRA adapter, not a model.',
    });
    expect(guarded.states).toEqual([]);
  });

  it('marks a model bad at its third crash, and lets it be tried again when told to', async () => {
    const path = join(world.folder, 'aborts.gguf');
    await writeTinyModel(path, { overrideKeys: { 'llama.attention.head_count': uint32(0) } });
    for (let attempt = 0; attempt < 3; attempt += 1)
      expect((await thrownBy(() => world.load(path))).code).toBe('engine.crashed');
    expect((await thrownBy(() => world.load(path))).code).toBe('engine.marked-bad');
    world.pool.clearMark(path);
    expect((await thrownBy(() => world.load(path))).code).toBe('engine.crashed');
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)(
    'survives %s in the middle of an answer: the request fails, the engine comes back',
    async (signal) => {
      const replica = await world.load();
      const { pid } = replica.snapshot();
      let tokens = 0;
      const error = await thrownBy(async () => {
        const request = greedyRequest('Tell me a story.', { maxTokens: 900, ignoreEos: true });
        for await (const event of replica.generate(request, new AbortController().signal)) {
          if (event.type === 'delta') tokens += 1;
          if (tokens === 5 && pid !== null) process.kill(pid, signal);
        }
      });
      expect(error.code).toBe('engine.crashed');
      expect(error.message).toContain(signal);
      const ready = await stateOf(replica, 'ready');
      expect(ready.pid).not.toBe(pid);
      expect((await answerOf(replica, greedyRequest('Who are you?'))).content).toContain('demo model');
      await replica[Symbol.asyncDispose]();
    },
  );

  it.skipIf(process.platform !== 'linux')(
    'survives a file cut short while it is mapped into memory',
    async () => {
      const path = join(world.folder, 'mapped.gguf');
      await copyFile(demoModelPath, path);
      const replica = await world.load(path, { useMmap: true });
      await truncate(path, 4096);
      const error = await thrownBy(() => answerOf(replica, greedyRequest('Who are you?')));
      expect(error).toMatchObject({ code: 'engine.crashed', details: { signal: 'SIGBUS' } });
      await replica[Symbol.asyncDispose]();
    },
  );

  it('is not touched by a change of the file when it was read into memory', async () => {
    const path = join(world.folder, 'read.gguf');
    await copyFile(demoModelPath, path);
    const replica = await world.load(path, { useMmap: false });
    await truncate(path, 4096);
    expect((await answerOf(replica, greedyRequest('Who are you?'))).content).toContain('demo model');
    await replica[Symbol.asyncDispose]();
  });

  it('bounds the time and the memory of a hostile template', async () => {
    const loops =
      '{% for a in range(100000) %}{% for b in range(100000) %}{% set c = a %}{% endfor %}{% endfor %}';
    const grows =
      '{% set ns = namespace(t="xxxxxxxx") %}{% for a in range(60) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}{{ ns.t | length }}';
    for (const chatTemplate of [loops, grows, '{{ raise_exception("no") }}', '{% if %}']) {
      const path = join(world.folder, 'template.gguf');
      await writeTinyModel(path, { chatTemplate });
      const replica = await world.load(path);
      const error = await thrownBy(() => answerOf(replica, greedyRequest('Hi')));
      expect(error.code).toBe('engine.bad-template');
      const plain = await answerOf(replica, greedyRequest({ type: 'text', text: 'Hi' }, { maxTokens: 2 }));
      expect(plain.finished.usage.outputTokens).toBeLessThanOrEqual(2);
      await replica[Symbol.asyncDispose]();
    }
  });

  it('cancels a load and leaves no process behind', async () => {
    const stop = new AbortController();
    const loading = thrownBy(() => world.load(demoModelPath, {}, { signal: stop.signal }));
    const pids: (number | null)[] = [];
    using _watch = world.pool.onChange(({ pid, state }) => {
      if (state.type !== 'loading') return;
      pids.push(pid);
      stop.abort();
    });
    expect(await loading).toMatchObject({ code: 'app.cancelled' });
    expect(pids.length).toBeGreaterThan(0);
    expect(pids.filter(lives)).toEqual([]);
  });

  it('gives the memory back when the model is unloaded', async () => {
    const replica = await world.load();
    const { pid, residentBytes } = replica.snapshot();
    expect(residentBytes).toBeGreaterThan(50_000_000);
    expect(lives(pid)).toBe(true);
    await replica[Symbol.asyncDispose]();
    expect(lives(pid)).toBe(false);
    expect(replica.state().type).toBe('stopped');
  });

  it('refuses a file that is not there before anything starts', async () => {
    const error = await thrownBy(() => world.load(join(world.folder, 'nothing.gguf')));
    expect(error.code).toBe('files.not-found');
  });
});

describe('the fallback on the public API', () => {
  it('answers as the fast engine does, and refuses by name what it cannot do', async () => {
    await using world = await openRealPool({ batchEngine: 'public' });
    const replica = await world.load();
    expect(replica.facts().batchEngine).toBe('public');
    const questions = ['Who are you?', 'What is TTFT?', 'What is a token?'];
    const answers = await Promise.all(
      questions.map((question) => answerOf(replica, greedyRequest(question))),
    );
    expect(answers[0]?.content).toBe(
      "I am Dyno's demo model, a very small language model. I can tell short stories and do small tasks.",
    );
    expect(answers.every(({ finished }) => finished.reason === 'stop')).toBe(true);
    const again = await answerOf(replica, greedyRequest('Who are you?'));
    expect(again.started.cachedTokens).toBeGreaterThan(5);
    expect(again.content).toBe(answers[0]?.content);
    const grammar = { type: 'json-object' } as const;
    expect(await thrownBy(() => answerOf(replica, greedyRequest('Hi', { grammar })))).toMatchObject({
      code: 'engine.unsupported',
    });
    const { tokens } = await replica.runLadder(
      { kind: 'decode', tokens: 16, depth: 8, sequences: 2, seed: 1 },
      { signal: new AbortController().signal },
    );
    expect(tokens).toBe(32);
  });
});

describe('models of other kinds', () => {
  it.each(['tiny-spm', 'tiny-qwen2', 'tiny-qwen3', 'tiny-gemma3', 'tiny-moe'] as const)(
    '%s answers and reuses what it can',
    async (shape) => {
      await using world = await openRealPool();
      const path = join(world.folder, `${shape}.gguf`);
      await writeTinyModel(path, { shape, type: 'Q8_0' });
      const replica = await world.load(path, { contextSize: 512, slots: 2 });
      const request = () => greedyRequest('Hello there, how are you?', { maxTokens: 8, ignoreEos: true });
      const first = await answerOf(replica, request());
      const second = await answerOf(replica, request());
      expect(first.finished.usage.outputTokens).toBe(8);
      expect(second.content).toBe(first.content);
      // a sliding window cannot be cut: such a model starts over, and is right all the same
      expect(second.started.cachedTokens > 0).toBe(shape !== 'tiny-gemma3');
    },
  );
});

it('has a demo model that nobody wrote to', async () => {
  await using file = await open(demoModelPath, 'r');
  expect((await file.stat()).size).toBe(7_974_080);
});

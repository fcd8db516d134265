import { readdirSync } from 'node:fs';
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { writeTinyModel } from '../../support/gguf-fixtures.ts';
import { writeAdapter } from '../../support/lora-adapter.ts';
import {
  answerOf,
  demoModelPath,
  greedyRequest,
  openRealPool,
  type Answer,
  type RealPool,
} from '../../support/real-pool.ts';

const system = {
  role: 'system',
  content: 'You answer in one short sentence and always stay friendly. '.repeat(40),
} as const;
const chat = (content: string) => greedyRequest([system, { role: 'user', content }]);
const shared = { isExclusive: false };

const openWorld = async () => {
  const world = await openRealPool({
    prefixCache: () => ({ folder: join(world.folder, 'prefix'), limitBytes: 64 * 2 ** 20 }),
  });
  return world;
};

const filesOf = (world: RealPool, ending: string): readonly string[] =>
  readdirSync(world.folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(world.folder, name));

describe('prefixes that outlive their engine', () => {
  let world: RealPool;
  let fresh: Answer;
  /** One life of an engine, as a server's: asks, waits until the engine has saved, and unloads. */
  const ask = async (question: string): Promise<Answer> => {
    const replica = await world.load(undefined, {}, shared);
    const answer = await answerOf(replica, chat(question));
    await eventually(() => filesOf(world, '.json').length === 1);
    await replica[Symbol.asyncDispose]();
    return answer;
  };
  const statePath = (): string => filesOf(world, '.state')[0] ?? '';
  const problems = () => world.log.lines.filter(({ message }) => message === 'engine');

  beforeAll(async () => {
    world = await openWorld();
    fresh = await ask('Who are you?');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it('are hit by the same system prompt after a restart, never by a benchmark, with equal answers', async () => {
    expect(fresh.started).toMatchObject({ cachedTokens: 0 });
    expect(fresh.started.promptTokens).toBeGreaterThan(400);
    const again = await ask('Who are you?');
    expect(again.finished.usage.cachedTokens).toBe(fresh.started.promptTokens - 1);
    expect(again.content).toBe(fresh.content);
    const other = await ask('What is a token?');
    expect(other.started.cachedTokens).toBeGreaterThan(400);
    expect(other.started.cachedTokens).toBeLessThan(other.started.promptTokens - 1);

    const benchmark = await world.load();
    const measured = await answerOf(benchmark, chat('What is a token?'));
    expect(measured.started.cachedTokens).toBe(0);
    expect(other.content).toBe(measured.content);
    await benchmark[Symbol.asyncDispose]();
    expect(problems()).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('can be read by nobody else: they hold conversations', async () => {
    for (const path of [...filesOf(world, '.state'), ...filesOf(world, '.json')])
      expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it.each(['truncated', 'corrupted', 'foreign'])(
    'are refused and removed when %s, and the engine lives',
    async (how) => {
      const path = statePath();
      const bytes = await readFile(path);
      const description = path.replace('.state', '.json');
      if (how === 'truncated') await truncate(path, bytes.length - 4_096);
      if (how === 'corrupted') await writeFile(path, bytes.fill(255, 20_000, 20_100));
      if (how === 'foreign') {
        const text = await readFile(description, 'utf8');
        await writeFile(description, text.replace(/"context":"[0-9a-f]{4}/, '"context":"0000'));
      }
      const told = problems().length;
      const answer = await ask('Who are you?');
      expect(answer.started.cachedTokens).toBe(0);
      expect(answer.content).toBe(fresh.content);
      expect(problems().length).toBe(told + 1);
      expect(statePath()).not.toBe(path); // a new one took its place
    },
  );

  it('are hit by the adapters that computed them alone', async () => {
    const path = await writeAdapter({ model: demoModelPath, path: join(world.folder, 'style.gguf') });
    const adapters = [{ path, scale: 1, sha256: 'aa', sizeBytes: 1 }];
    const styled = await world.load(undefined, {}, { ...shared, adapters });
    const answer = await answerOf(styled, chat('Who are you?'));
    expect(answer.started.cachedTokens).toBe(0); // the state on disk is the model's alone
    await eventually(() => filesOf(world, '.json').length === 2);
    await styled[Symbol.asyncDispose]();

    const again = await world.load(undefined, {}, { ...shared, adapters });
    const hits: (readonly [scale: number, cachedTokens: number, content: string])[] = [];
    for (const scale of [1, 0, 0.5]) {
      const { started, content } = await answerOf(again, {
        ...chat('Who are you?'),
        adapters: [{ id: 0, scale }],
      });
      hits.push([scale, started.cachedTokens, content]);
    }
    const whole = answer.started.promptTokens - 1;
    expect(hits).toEqual([
      [1, whole, answer.content],
      [0, whole, fresh.content],
      [0.5, 0, expect.any(String)],
    ]);
    await again[Symbol.asyncDispose]();
  });

  it('are cleared with the cache', async () => {
    const replica = await world.load(undefined, {}, shared);
    await replica.clearCache();
    expect(filesOf(world, '.state')).toEqual([]);
    expect((await answerOf(replica, chat('Who are you?'))).started.cachedTokens).toBe(0);
    await replica[Symbol.asyncDispose]();
  });

  it('are not kept of a model that cannot cut its state', async () => {
    const path = join(world.folder, 'model.gguf');
    await writeTinyModel(path, { shape: 'tiny-gemma3', type: 'Q8_0' });
    const before = filesOf(world, '.state');
    const replica = await world.load(path, { slots: 1 }, shared);
    for (const text of ['a ', 'b ']) {
      const prompt = { type: 'text', text: text.repeat(500) } as const;
      const answer = await answerOf(replica, greedyRequest(prompt, { maxTokens: 2, ignoreEos: true }));
      expect(answer.started.cachedTokens).toBe(0);
    }
    // the second prompt took the only slot: what is worth it would be on disk by now
    expect(filesOf(world, '.state')).toEqual(before);
    await replica[Symbol.asyncDispose]();
  });
});

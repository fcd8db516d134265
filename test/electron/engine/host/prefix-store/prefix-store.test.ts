import { describe, expect, it } from 'vitest';
import { openPrefixStore } from '../../../../../electron/engine/host/prefix-store/prefix-store.ts';
import { AppError } from '../../../../../shared/errors/app-error.ts';
import { createFakeBatchEngine } from '../../../../support/fake-batch-engine.ts';
import { createFakeClock } from '../../../../support/fake-clock.ts';
import { createFakeFiles, type FakeFiles } from '../../../../support/fake-files.ts';
import { createFakeRandom } from '../../../../support/fake-random.ts';

const root = '/data/cache/prefix';
const context = {
  model: 'a'.repeat(64),
  nodeLlamaCppVersion: '3.22.1',
  llamaCppRelease: 'v0.5.0',
  backend: 'cpu',
  arch: 'x64',
  contextSize: 1024,
  kvKeyType: 'F16',
  kvValueType: 'F16',
  flashAttention: true,
};
const moment = { adapters: '', keptTokens: 0, msPerPrefillToken: 6, isBusy: false };
const range = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => i + from);

interface World {
  readonly files?: FakeFiles;
  readonly random?: ReturnType<typeof createFakeRandom>;
  readonly limitBytes?: number;
  readonly of?: Partial<typeof context>;
}

const open = async ({ files = createFakeFiles(), random = createFakeRandom(), ...more }: World = {}) => {
  const engine = createFakeBatchEngine({ clock: createFakeClock(), files });
  const problems: string[] = [];
  const store = await openPrefixStore({
    files,
    random,
    engine,
    root,
    limitBytes: more.limitBytes ?? 1e9,
    context: { ...context, ...more.of },
    bytesPerToken: 4,
    onProblem: (problem) => void problems.push(problem),
  });
  /** As if the engine had computed them. */
  const save = async (tokens: readonly number[], at: Partial<typeof moment> = {}): Promise<void> => {
    await engine.truncate(0, 0);
    for (let position = 0; position < tokens.length; position += 400) {
      const piece = Uint32Array.from(tokens.slice(position, position + 400));
      engine.decodeNow([{ sequence: 0, position, tokens: piece, want: 'nothing' }]);
    }
    await store.save(0, tokens, { ...moment, ...at });
  };
  return { files, random, engine, store, problems, save, names: () => Object.keys(files.texts()) };
};

const only = (world: { names(): string[] }, ending: string): string => {
  const [first, ...others] = world.names().filter((name) => name.endsWith(ending));
  if (first === undefined || others.length > 0) throw new AppError('app.internal', world.names().join());
  return first;
};

describe('prefixes on disk', () => {
  it('outlive their engine: the next one finds them and holds the same tokens', async () => {
    const first = await open();
    await first.save(range(300));
    const second = await open(first);
    const found = second.store.find([...range(280), 7_000], '');
    expect(found).toMatchObject({ commonTokens: 280, leastGain: 128 });
    expect(await second.store.load(2, found?.id ?? '')).toEqual(range(300));
    expect(second.engine.cells[2]).toBe(300);
    expect(second.problems).toEqual([]);
  });

  it('are written once: what a file holds is not saved again, and a longer one takes its place', async () => {
    const world = await open();
    await world.save(range(300));
    const before = only(world, '.state');
    await world.save(range(310));
    expect(only(world, '.state')).toBe(before);
    await world.save(range(600));
    expect(only(world, '.state')).not.toBe(before);
    expect(world.store.find(range(600), '')?.commonTokens).toBe(600);
  });

  it('are found by the adapters that computed them alone, and never take the place of others', async () => {
    const first = await open();
    await first.save(range(300));
    await first.save(range(400), { adapters: 'a*1' });
    await first.save(range(500), { adapters: 'a*0.5' });
    const { store } = await open(first);
    const found = ['', 'a*1', 'a*0.5', 'b*1'].map((key) => store.find(range(600), key)?.commonTokens);
    expect(found).toEqual([300, 400, 500, undefined]);
  });

  it('leave no temporary file, and no state without its description', async () => {
    const world = await open();
    await world.save(range(300));
    expect(world.names().map((name) => name.split('.').at(-1))).toEqual(['json', 'state']);
  });

  it('are another model’s to another engine', async () => {
    const world = await open();
    await world.save(range(300));
    for (const of of [{ model: 'b'.repeat(64) }, { kvKeyType: 'Q8_0' }, { contextSize: 512 }]) {
      const other = await open({ ...world, of });
      expect(other.store.find(range(300), '')).toBeUndefined();
      expect(other.problems).toEqual([]);
    }
    expect(world.names().length).toBe(2);
  });

  const damages: Readonly<Record<string, (files: FakeFiles, state: string, entry: string) => void>> = {
    'cut short': (files, state) => files.put(state, files.bytes(state).subarray(0, 100)),
    'changed in one byte': (files, state) => {
      const bytes = Uint8Array.from(files.bytes(state));
      bytes[50] = (bytes[50] ?? 0) ^ 1;
      files.put(state, bytes);
    },
  };
  it.each(Object.keys(damages))(
    'are refused and removed when %s, before llama.cpp reads them',
    async (how) => {
      const world = await open();
      await world.save(range(300));
      damages[how]?.(world.files, only(world, '.state'), only(world, '.json'));
      const second = await open(world);
      expect(await second.store.load(1, second.store.find(range(300), '')?.id ?? '')).toEqual([]);
      expect(second.engine.cells[1]).toBe(0);
      expect(second.problems.join()).toContain('damaged');
      expect(world.names()).toEqual([]);
    },
  );

  const foreign: Readonly<Record<string, (text: string) => string>> = {
    'is no JSON': (text) => text.slice(0, 40),
    'has another form': () => '{"format":1}',
    'has a later format': (text) => text.replace('"format":1', '"format":2'),
    'is of another engine': (text) => text.replace(/"context":"../, '"context":"00'),
    'has other tokens': (text) => text.replace('"tokens":[0,1,', '"tokens":[0,2,'),
  };
  it.each(Object.keys(foreign))('are removed at the start when the description %s', async (how) => {
    const world = await open();
    await world.save(range(300));
    const path = only(world, '.json');
    world.files.put(path, foreign[how]?.(Buffer.from(world.files.bytes(path)).toString()) ?? '');
    const second = await open(world);
    expect(second.store.find(range(300), '')).toBeUndefined();
    expect(second.problems.length).toBe(1);
    expect(world.names()).toEqual([]);
  });

  it('are removed when llama.cpp refuses one, or reads other tokens from it', async () => {
    const world = await open();
    await world.save(range(300));
    const id = world.store.find(range(300), '')?.id ?? '';
    world.engine.readNext(range(299));
    expect(await world.store.load(1, id)).toEqual([]);
    expect(world.names()).toEqual([]);
    await world.save(range(300));
    world.engine.readNext(new AppError('app.internal', 'Failed to load state from file'));
    expect(await world.store.load(1, world.store.find(range(300), '')?.id ?? '')).toEqual([]);
    expect(world.names()).toEqual([]);
    expect(world.problems.length).toBe(2);
  });

  it('stay within the limit, the longest unused going first', async () => {
    const world = await open({ limitBytes: 9_000 }); // a state and its description have about 3 kB
    await world.save(range(300, 1_000));
    await world.save(range(300, 2_000));
    const second = await open({ ...world, limitBytes: 9_000 });
    await second.store.load(1, second.store.find(range(300, 1_000), '')?.id ?? ''); // used: the other one goes
    await second.save(range(300, 3_000));
    await second.save(range(300, 4_000));
    const third = await open({ ...world, limitBytes: 9_000 });
    expect(third.store.find(range(300, 2_000), '')).toBeUndefined();
    expect(third.store.find(range(300, 4_000), '')).toBeDefined();
    const sizes = world.names().map((name) => world.files.bytes(name).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(9_000);
  });

  it('are removed by a limit of 0, which also keeps new ones away', async () => {
    const world = await open();
    await world.save(range(300));
    const second = await open({ ...world, limitBytes: 0 });
    expect(world.names()).toEqual([]);
    await second.save(range(300));
    expect(world.names()).toEqual([]);
  });

  it('are gone after a clear', async () => {
    const world = await open();
    await world.save(range(300));
    await world.store.clear();
    expect(world.names()).toEqual([]);
    expect(world.store.find(range(300), '')).toBeUndefined();
  });

  it('cost no request anything on a disk that fails', async () => {
    const world = await open();
    world.files.fail(root, 'write', new AppError('storage.disk-full'));
    await world.save(range(300));
    expect(world.problems.length).toBe(1);
    expect(world.store.find(range(300), '')).toBeUndefined();
  });
});

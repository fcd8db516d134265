import { beforeEach, describe, expect, it } from 'vitest';
import { describeModel } from '../../../../electron/models/library/describe-model.ts';
import { writeTinyModel } from '../../../support/gguf-fixtures.ts';
import { createSynthWorld, realShape, type SynthWorld } from '../../../support/synth-world.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const real = '/m/real-Q8_0.gguf';

let world: SynthWorld;
beforeEach(async () => {
  world = createSynthWorld();
  await writeTinyModel(real, { shape: realShape, name: 'Real', dropKeys: ['dyno.synthetic'] }, world.files);
});

describe('a synthetic file from a real header', () => {
  it('has its metadata, vocabulary and tensors, other weights, and the mark', async () => {
    const { path, fractions } = await world.make({ source: real });
    const [original, made] = [await world.headerOf(real), await world.headerOf(path)];
    expect(path).toBe('/data/models/real-Q8_0-synthetic.gguf');
    expect(made.tensors.map(({ name, shape, type }) => [name, shape, type.name])).toEqual(
      original.tensors.map(({ name, shape, type }) => [name, shape, type.name]),
    );
    const changed = ['general.name', 'dyno.synthetic', 'dyno.synthetic.source', 'dyno.synthetic.seed'];
    const rest = (header: typeof original) =>
      new Map([...header.metadata].filter(([key]) => !changed.includes(key)).sort());
    expect(rest(made)).toEqual(rest(original));
    expect(made.metadata.get('general.name')).toMatchObject({ value: 'Real (synthetic)' });
    expect(made.metadata.get('dyno.synthetic.source')).toMatchObject({ value: 'header of Real' });
    expect(fractions.at(-1)).toBeCloseTo(1);
    expect((await describeModel(world.files, path)).model.isSynthetic).toBe(true);
    // the vocabulary is copied byte by byte: the tokens of a file are longer than what the header reader keeps
    const vocabulary = (bytes: Buffer) =>
      bytes.subarray(bytes.indexOf('tokenizer.ggml.tokens'), bytes.indexOf('tokenizer.ggml.bos_token_id'));
    const [from, to] = [real, path].map((each) => vocabulary(Buffer.from(world.files.bytes(each))));
    expect(to).toEqual(from);
    expect(to?.length).toBeGreaterThan(20_000);
  });

  it('is the same for the same seed, and another for another', async () => {
    const bytesOf = async (seed: number) =>
      Buffer.from(world.files.bytes((await world.make({ source: real, seed, overwrite: true })).path));
    const [first, again, other] = [await bytesOf(7), await bytesOf(7), await bytesOf(8)];
    expect(first.equals(again)).toBe(true);
    expect(first.equals(other)).toBe(false);
  });

  it('is planned to the byte before it is written, in another type and with fewer layers, too', async () => {
    const input = { source: real, type: 'Q4_K_M', layers: 1 };
    const plan = await world.plan(input);
    expect(world.files.texts()).not.toHaveProperty(plan.path);
    const { path } = await world.make(input);
    expect([plan.path, plan.sizeBytes]).toEqual([path, world.files.bytes(path).length]);
    expect(plan).toMatchObject({
      name: 'Real (synthetic, 1 of 2 layers)',
      layerCount: 1,
      wholeLayerCount: 2,
      path: '/data/models/real-Q8_0-Q4_K_M-1of2-synthetic.gguf',
    });
    expect((await world.headerOf(path)).metadata.get('dyno.synthetic.whole_block_count')).toMatchObject({
      value: 2,
    });
  });

  it('can be made of one that was cut behind its header', async () => {
    world.files.put('/m/cut.gguf', world.files.bytes(real).slice(0, 200_000));
    await expect(world.make({ source: '/m/cut.gguf' })).resolves.toMatchObject({
      path: '/data/models/cut-Q8_0-synthetic.gguf',
    });
  });

  it('refuses a disk that is too full, a file that is there, and leaves nothing of an aborted one', async () => {
    world.files.setFreeBytes(60 * 2 ** 20);
    expect(await thrownBy(() => world.make({ source: real }))).toMatchObject({
      code: 'storage.disk-full',
    });
    world.files.setFreeBytes(1e12);
    await world.make({ source: real });
    expect(await thrownBy(() => world.make({ source: real }))).toMatchObject({
      code: 'models.exists',
    });
    const stop = AbortSignal.abort();
    expect(await thrownBy(() => world.make({ source: real, out: '/out/x.gguf' }, stop))).toMatchObject({
      code: 'app.cancelled',
    });
    expect(Object.keys(world.files.texts()).filter((path) => path.startsWith('/out'))).toEqual([]);
  });
});

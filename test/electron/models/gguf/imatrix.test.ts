import { describe, expect, test } from 'vitest';
import { encodeImatrix } from '../../../../electron/models/gguf/encode-imatrix.ts';
import { columnWeights, type Imatrix } from '../../../../electron/models/gguf/imatrix.ts';
import { readGgufHeader } from '../../../../electron/models/gguf/read-header.ts';
import { readImatrix } from '../../../../electron/models/gguf/read-imatrix.ts';
import type { FileReader } from '../../../../electron/platform/ports.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const readerOf = (bytes: Uint8Array): FileReader => ({
  sizeBytes: bytes.length,
  read: async (position, length) => Promise.resolve(bytes.slice(position, position + length)),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});
const bytesOf = (imatrix: Imatrix): Uint8Array => Buffer.concat([...encodeImatrix(imatrix)]);
const read = (bytes: Uint8Array): Promise<Imatrix> => readImatrix(readerOf(bytes), '/data/some.imatrix');

/** A plain matrix of four columns, and three experts of two columns of which one met no token. */
const imatrix: Imatrix = {
  entries: new Map([
    ['blk.1.ffn_down_exps.weight', { sums: Float32Array.of(2, 4, 0, 0, 9, 3), counts: [2, 0, 3] }],
    ['blk.0.attn_k.weight', { sums: Float32Array.of(8, 16, 24, 32), counts: [8] }],
  ]),
  datasets: ['/texts/birds.txt'],
  chunkCount: 12,
  chunkSize: 512,
  textSha256: 'a'.repeat(64),
};

/** Little-endian 32-bit pieces of the older format. */
const legacyBytes = (...pieces: readonly (number | string | Float32Array)[]): Uint8Array =>
  Buffer.concat(
    pieces.map((piece) => {
      if (typeof piece === 'string') return Buffer.from(piece);
      if (typeof piece !== 'number') return Buffer.from(piece.buffer);
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(piece);
      return bytes;
    }),
  );

describe('the importance matrix file', () => {
  test('comes back as it was written', async () => {
    expect(await read(bytesOf(imatrix))).toEqual(imatrix);
  });

  test('has the keys, names and shapes that llama.cpp reads, in its order', async () => {
    const header = await readGgufHeader(readerOf(bytesOf(imatrix)), '/data/some.imatrix');
    expect([...header.metadata.keys()]).toEqual([
      'general.type',
      'imatrix.datasets',
      'imatrix.chunk_count',
      'imatrix.chunk_size',
      'dyno.imatrix.text_sha256',
    ]);
    expect(header.tensors.map(({ name, shape, type }) => [name, shape, type.name])).toEqual([
      ['blk.0.attn_k.weight.in_sum2', [4], 'F32'],
      ['blk.0.attn_k.weight.counts', [1], 'F32'],
      ['blk.1.ffn_down_exps.weight.in_sum2', [2, 3], 'F32'],
      ['blk.1.ffn_down_exps.weight.counts', [1, 3], 'F32'],
    ]);
  });

  test('is read from the older format as means times calls', async () => {
    const values = Float32Array.of(3, 6);
    const entry = [1, 19, 'blk.0.attn_k.weight', 3, 2, values] as const;
    const found = await read(legacyBytes(...entry, 3, 9, 'birds.txt'));
    expect(found).toMatchObject({ datasets: ['birds.txt'], chunkCount: 3, textSha256: null });
    expect([...found.entries].map(([name, each]) => [name, [...columnWeights(each)]])).toEqual([
      ['blk.0.attn_k.weight', [1, 2]],
    ]);
    expect(await read(legacyBytes(...entry))).toMatchObject({ datasets: [], chunkCount: 0 });
  });

  test.each([
    ['a text', Buffer.from('Four birds flew over the hills.')],
    ['an older file that is cut', legacyBytes(1, 19, 'blk.0.attn_k.weight', 3, 2, Float32Array.of(3))],
    ['a file whose last value is cut', bytesOf(imatrix).subarray(0, -32)],
    ['no entries', bytesOf({ ...imatrix, entries: new Map() })],
    [
      'a value that is no number',
      bytesOf({ ...imatrix, entries: new Map([['w', { sums: Float32Array.of(NaN), counts: [1] }]]) }),
    ],
  ])('is refused when it is %s', async (_what, bytes) => {
    expect((await thrownBy(() => read(bytes))).code).toBe('models.bad-imatrix');
  });
});

test('columns weigh their mean square; an expert no token went to weighs all the same', () => {
  const weights = [...imatrix.entries].map(([name, entry]) => [name, [...columnWeights(entry)]]);
  expect(weights).toEqual([
    ['blk.1.ffn_down_exps.weight', [1, 2, 1, 1, 3, 1]],
    ['blk.0.attn_k.weight', [1, 2, 3, 4]],
  ]);
});

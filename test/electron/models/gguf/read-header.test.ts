import { describe, expect, it } from 'vitest';
import { arrayOf, text, uint32, type MetadataValue } from '../../../../electron/models/gguf/metadata.ts';
import { readGgufHeader } from '../../../../electron/models/gguf/read-header.ts';
import { createNodeFiles } from '../../../../electron/platform/node/files.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { headerBytes, type RawTensor } from '../../../support/header-bytes.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const read = async (bytes: Uint8Array, options: Parameters<typeof readGgufHeader>[2] = {}) => {
  const files = createFakeFiles({ '/m/model.gguf': bytes });
  await using file = await files.openRead('/m/model.gguf');
  return await readGgufHeader(file, '/m/model.gguf', options);
};

const architecture = ['general.architecture', text('llama')] as const;
const f32 = (name: string, offset: number): RawTensor => ({ name, shape: [8], typeId: 0, offset });

describe('readGgufHeader', () => {
  it('reads every value type back as it was written', async () => {
    const values: Record<string, MetadataValue> = {
      a: { type: 'uint8', value: 200 },
      b: { type: 'int8', value: -5 },
      c: { type: 'uint16', value: 60_000 },
      d: { type: 'int16', value: -300 },
      e: { type: 'uint32', value: 4_000_000_000 },
      f: { type: 'int32', value: -70_000 },
      g: { type: 'float32', value: 0.5 },
      h: { type: 'bool', value: true },
      i: { type: 'string', value: 'Grüße' },
      j: { type: 'uint64', value: 2n ** 63n + 1n },
      k: { type: 'int64', value: -(2n ** 60n) },
      l: { type: 'float64', value: Math.PI },
      m: arrayOf('int32', [1, -2, 3]),
      n: arrayOf('string', ['x', '', 'yz']),
    };
    const header = await read(headerBytes({ keys: Object.entries(values) }));
    expect(Object.fromEntries(header.metadata)).toEqual(values);
  });

  it('counts long arrays without keeping them, and hands the tokens on when asked', async () => {
    const tokens = Array.from({ length: 3000 }, (_, index) => `t${index}`);
    const keys = [
      ['tokenizer.ggml.tokens', arrayOf('string', tokens)],
      [
        'tokenizer.ggml.scores',
        arrayOf(
          'float32',
          tokens.map(() => 1),
        ),
      ],
      ['after', text('here')],
    ] as const;
    const seen: string[] = [];
    const header = await read(headerBytes({ keys }), { onToken: (token) => seen.push(token) });
    expect(seen).toEqual(tokens);
    expect(header.metadata.get('tokenizer.ggml.tokens')).toEqual({
      type: 'array',
      itemType: 'string',
      count: 3000,
      items: null,
    });
    expect(header.metadata.get('after')).toEqual(text('here'));
  });

  it('places tensors by type, shape and alignment', async () => {
    const header = await read(
      headerBytes({
        keys: [architecture, ['general.alignment', uint32(64)]],
        tensors: [
          { name: 'a', shape: [256, 3], typeId: 12, offset: 0 },
          { name: 'b', shape: [8], typeId: 0, offset: 448 },
        ],
      }),
    );
    expect(header.tensors.map(({ name, sizeBytes, offset }) => ({ name, sizeBytes, offset }))).toEqual([
      { name: 'a', sizeBytes: 432, offset: 0 },
      { name: 'b', sizeBytes: 32, offset: 448 },
    ]);
    expect(header.dataOffset % 64).toBe(0);
    expect(header.neededBytes).toBe(header.dataOffset + 480);
  });

  it('reads the bundled model without touching its weights', async () => {
    const path = 'resources/model/dyno-demo-4m-f16.gguf';
    await using file = await createNodeFiles().openRead(path);
    let furthest = 0;
    const header = await readGgufHeader(
      { ...file, read: (at, length) => ((furthest = Math.max(furthest, at)), file.read(at, length)) },
      path,
    );
    expect(header.neededBytes).toBe(file.sizeBytes);
    expect(furthest).toBeLessThan(header.dataOffset);
  });

  it('stops when aborted', async () => {
    const signal = AbortSignal.abort();
    expect((await thrownBy(() => read(headerBytes({ keys: [architecture] }), { signal }))).code).toBe(
      'app.cancelled',
    );
  });

  it.each([
    ['an empty file', new Uint8Array(), 'models.not-gguf'],
    ['a zip file', headerBytes({ magic: 'PK\u0003\u0004' }), 'models.not-gguf'],
    ['format version 1', headerBytes({ version: 1 }), 'models.bad-header'],
    ['format version 4', headerBytes({ version: 4 }), 'models.bad-header'],
    ['a big-endian file', headerBytes({ version: 0x03000000 }), 'models.bad-header'],
    ['more tensors than any model', headerBytes({ tensorCount: 2n ** 62n }), 'models.bad-header'],
    ['more keys than any model', headerBytes({ keyCount: 2n ** 40n }), 'models.bad-header'],
    ['more keys than bytes', headerBytes({ keyCount: 9000 }), 'models.truncated'],
    ['an empty key', headerBytes({ keys: [['', uint32(1)]] }), 'models.bad-header'],
    ['a double key', headerBytes({ keys: [architecture, architecture] }), 'models.bad-header'],
    [
      'an unknown value type',
      headerBytes({ keys: [['a', (w) => w.scalar('uint32', 77)]] }),
      'models.bad-header',
    ],
    ['a tensor twice', headerBytes({ tensors: [f32('a', 0), f32('a', 32)] }), 'models.bad-header'],
    ['a gap between tensors', headerBytes({ tensors: [f32('a', 0), f32('b', 64)] }), 'models.bad-header'],
    [
      'an offset beyond 2^53',
      headerBytes({ tensors: [{ ...f32('a', 0), offset: 2n ** 63n }] }),
      'models.bad-header',
    ],
    [
      'five dimensions',
      headerBytes({ tensors: [{ ...f32('a', 0), shape: [1, 1, 1, 1, 1] }] }),
      'models.bad-header',
    ],
    [
      'a dimension of zero',
      headerBytes({ tensors: [{ ...f32('a', 0), shape: [8, 0] }] }),
      'models.bad-header',
    ],
    [
      'a product of dimensions that overflows 64 bits',
      headerBytes({ tensors: [{ ...f32('a', 0), shape: [2n ** 33n, 2n ** 33n] }] }),
      'models.bad-header',
    ],
    [
      'an unknown tensor type',
      headerBytes({ tensors: [{ ...f32('a', 0), typeId: 99 }] }),
      'models.bad-header',
    ],
    [
      'a removed tensor type',
      headerBytes({ tensors: [{ ...f32('a', 0), typeId: 31 }] }),
      'models.bad-header',
    ],
    [
      'rows that do not divide into blocks',
      headerBytes({ tensors: [{ ...f32('a', 0), shape: [100], typeId: 12 }] }),
      'models.bad-header',
    ],
    [
      'a name longer than llama.cpp holds',
      headerBytes({ tensors: [f32('n'.repeat(64), 0)] }),
      'models.bad-header',
    ],
    [
      'an alignment that is no power of two',
      headerBytes({ keys: [['general.alignment', uint32(48)]] }),
      'models.bad-header',
    ],
    [
      'an array of arrays',
      headerBytes({
        keys: [
          [
            'a',
            (w) => {
              w.scalar('uint32', 9);
              w.scalar('uint32', 9);
              w.scalar('uint64', 1n);
            },
          ],
        ],
      }),
      'models.bad-header',
    ],
    [
      'a string of 2^60 bytes',
      headerBytes({
        keys: [
          [
            'a',
            (w) => {
              w.scalar('uint32', 8);
              w.scalar('uint64', 2n ** 60n);
            },
          ],
        ],
      }),
      'models.bad-header',
    ],
    [
      'an array longer than the file',
      headerBytes({
        keys: [
          [
            'a',
            (w) => {
              w.scalar('uint32', 9);
              w.scalar('uint32', 4);
              w.scalar('uint64', 1_000_000n);
            },
          ],
        ],
      }),
      'models.truncated',
    ],
  ] as const)('refuses %s', async (_what, bytes, code) => {
    const error = await thrownBy(() => read(bytes));
    expect(error.code).toBe(code);
    expect(error.hint).not.toBe('');
  });

  it('says what it found instead of the magic', async () => {
    const { message } = await thrownBy(() => read(headerBytes({ magic: 'PK\u0003\u0004' })));
    expect(message).toBe('model.gguf does not begin with "GGUF" but with 504b0304.');
  });
});

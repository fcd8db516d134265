import { expect, test } from 'vitest';
import {
  decodePackHeader,
  decodePackWindow,
  encodePackHeader,
  encodePackWindow,
  packHeaderBytes,
  packWindowBytes,
  topAt,
  type PackHeader,
} from '../../../../electron/engine/scoring/pack-format.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const sha256 = 'ab'.repeat(32);
const header: PackHeader = {
  base: {
    name: 'demo',
    quantization: 'F16',
    sha256,
    sizeBytes: 8_000_000,
    bitsPerWeight: 16,
    tensorTypes: { F16: 38 },
  },
  text: { name: 'text.txt', sha256 },
  contextSize: 8,
  windowCount: 2,
  topK: 2,
  addsBos: false,
  vocabularySize: 100,
  vocabularySha256: sha256,
  tokensSha256: sha256,
  llamaCppRelease: 'v0.5.0',
  formulaVersion: 1,
  capturedMass: 0.99,
  bodySha256: sha256,
};

test('a header of 4096 bytes comes back as it was written', () => {
  const bytes = encodePackHeader(header);
  expect(bytes).toHaveLength(packHeaderBytes);
  expect(decodePackHeader(bytes)).toEqual(header);
});

test('another file, another version and a damaged header are refused', async () => {
  const refusal = (bytes: Uint8Array) => thrownBy(() => Promise.resolve(decodePackHeader(bytes)));
  const changed = (offset: number, value: number): Uint8Array => encodePackHeader(header).with(offset, value);
  expect(await refusal(new TextEncoder().encode('GGUF'))).toMatchObject({ code: 'quality.bad-pack' });
  expect(await refusal(changed(0, 0))).toMatchObject({ code: 'quality.bad-pack' });
  expect(await refusal(changed(8, 2))).toMatchObject({
    message: expect.stringContaining('version 2') as unknown,
  });
  expect(await refusal(changed(20, 0))).toMatchObject({ code: 'quality.bad-pack' });
});

test('a window comes back as it was written, position by position', () => {
  const window = {
    tails: Float64Array.of(0.25, 0.125, 0.5),
    tokens: Int32Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    nll: Float32Array.of(1, 2, 3),
    ids: Uint32Array.of(10, 11, 20, 21, 30, 31),
    logProbs: Float32Array.of(-1, -2, -3, -4, -5, -6),
  };
  const bytes = encodePackWindow(window);
  expect(bytes).toHaveLength(packWindowBytes(header));
  const read = decodePackWindow(bytes, header);
  expect(read).toEqual(window);
  expect(topAt(read, 1, 2)).toEqual({
    ids: Uint32Array.of(20, 21),
    logProbs: Float32Array.of(-3, -4),
    tail: 0.125,
  });
});

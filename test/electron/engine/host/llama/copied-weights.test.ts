import { describe, expect, test } from 'vitest';
import {
  chooseMmap,
  mappedWeightsBytes,
  type FileTensor,
} from '../../../../../electron/engine/host/llama/copied-weights.ts';

const x64 = { arch: 'x64', hasAmx: false };
const amx = { arch: 'x64', hasAmx: true };
const arm64 = { arch: 'arm64', hasAmx: false };

/** An embedding, a matrix and a norm, one after the other. */
const weights = (type: string): readonly FileTensor[] => [
  { name: 'token_embd.weight', type, shape: [64, 100], sizeBytes: 1000, offset: 4096, filePart: 1 },
  { name: 'blk.0.ffn_up.weight', type, shape: [64, 256], sizeBytes: 3000, offset: 5096, filePart: 1 },
  { name: 'output_norm.weight', type: 'F32', shape: [64], sizeBytes: 256, offset: 8096, filePart: 1 },
];

describe('mapping the file', () => {
  test.each([
    ['F16', x64, true],
    ['F16', amx, false],
    ['Q8_0', x64, true],
    ['Q8_0', arm64, false],
    ['Q8_0', amx, false],
    ['Q4_0', x64, false],
    ['Q2_K', amx, false],
    ['Q6_K', x64, true],
    ['Q4_0', { arch: 'riscv64', hasAmx: false }, true],
    ['Q4_0', 'gpu', true],
  ] as const)('of %s weights is chosen by what %o copies: %s', (type, kernels, isMapped) => {
    expect(chooseMmap('auto', weights(type), kernels)).toBe(isMapped);
  });

  test('is done when the user says so', () => {
    expect(chooseMmap(true, weights('Q4_0'), x64)).toBe(true);
    expect(chooseMmap(false, weights('F16'), 'gpu')).toBe(false);
  });

  test('keeps the mapped stretch beside the copies', () => {
    // in place: embedding and norm, 1256 bytes; the mapping goes over the matrix between them
    expect(mappedWeightsBytes(4256, weights('Q4_0'), x64)).toBe(3000 + 4256);
    expect(mappedWeightsBytes(4256, weights('F16'), x64)).toBe(4256);
  });

  test('counts a tied output that is copied for its kernel', () => {
    expect(mappedWeightsBytes(4256 + 1000, weights('F16'), amx)).toBe(3000 + 1000 + 4256);
  });

  test('maps each part of a split model by itself', () => {
    const second = weights('F16').map((tensor) => ({ ...tensor, filePart: 2 }));
    expect(mappedWeightsBytes(8512, [...weights('F16'), ...second], x64)).toBe(8512);
  });

  test('leaves out what is copied before the first or after the last tensor in place', () => {
    const last: FileTensor = {
      name: 'output.weight',
      type: 'Q4_0',
      shape: [64, 100],
      sizeBytes: 900,
      offset: 8352,
      filePart: 1,
    };
    expect(mappedWeightsBytes(5156, [...weights('Q4_0'), last], x64)).toBe(3900 + 4256);
  });
});

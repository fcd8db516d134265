import { describe, expect, it } from 'vitest';
import { sumRounds } from '../../../../electron/engine/inspector/bandwidth.ts';
import { forecastSpeed, speedFactsOf } from '../../../../electron/models/speed-model.ts';
import { blueprintOfHeader } from '../../../../electron/models/synthesize/header-blueprint.ts';
import { blueprintOfShape } from '../../../../electron/models/synthesize/shape-blueprint.ts';
import { findWellKnownShape } from '../../../../electron/models/synthesize/well-known-shapes.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { writeTinyModel } from '../../../support/gguf-fixtures.ts';

const factsOf = (id: string, type: 'F16' | 'Q4_K_M') => {
  const shape = findWellKnownShape(id);
  if (shape === undefined) throw new Error(`no shape ${id}`);
  return speedFactsOf(blueprintOfShape(shape, type));
};

describe('speedFactsOf', () => {
  it('leaves the embedding of an untied model out, and what a token does not meet of the experts', () => {
    const dense = factsOf('tinyllama-1.1b', 'F16');
    // 1.1 B weights less 65.5 M of the embedding; cache: 22 layers × 4 heads × 64 × keys and values × 2 bytes
    expect(dense.weightBytes / 2e9).toBeCloseTo(1.034, 2);
    expect(dense.kvBytesPerToken).toBe(22 * 4 * 64 * 2 * 2);
    const mixture = factsOf('mixtral-8x7b', 'F16');
    expect(mixture.weightBytes / 2e9).toBeCloseTo(12.75, 1);
    expect(mixture.prefillWeights / 1e9).toBeCloseTo(12.6, 1);
  });

  it('reads from a header what it knows of the shape', async () => {
    const files = createFakeFiles();
    await writeTinyModel('/m/moe.gguf', { shape: 'tiny-moe', type: 'F16' }, files);
    await using file = await files.openRead('/m/moe.gguf');
    const blueprint = await blueprintOfHeader([{ path: '/m/moe.gguf', file }], new AbortController().signal);
    expect(blueprint).toMatchObject({ expertShare: 2 / 8, kvBytesPerToken: 2 * 2 * 64 * 2 * 2 });
    expect(speedFactsOf(blueprint).tensorType).toBe('F16');
  });
});

describe('forecastSpeed', () => {
  it('divides bandwidth by the bytes of a token, and operations by two per weight', () => {
    const facts = {
      ...factsOf('tinyllama-1.1b', 'F16'),
      weightBytes: 2e9,
      mainBytes: 1.5e9,
      mainWeights: 1e9,
      prefillWeights: 1e9,
      kvBytesPerToken: 1e6,
    };
    const machine = { bytesPerSecond: 40e9, operationsPerSecond: 500e9, decodeOperationsPerSecond: 100e9 };
    expect(forecastSpeed(facts, { ...machine, depth: 0 })).toEqual({ decodeTps: 20, prefillTps: 250 });
    expect(forecastSpeed(facts, { ...machine, depth: 2000 })).toEqual({ decodeTps: 10, prefillTps: 250 });
    // a type that is slow to unpack is bound by its kernels, however fast the memory
    const slow = { ...machine, decodeOperationsPerSecond: 16e9, depth: 0 };
    expect(forecastSpeed(facts, slow).decodeTps).toBeCloseTo(1 / (2e9 / 16e9 + 0.5e9 / 40e9), 9);
  });
});

describe('sumRounds', () => {
  it('adds up the processes and drops rounds that one of them missed', () => {
    expect(
      sumRounds(
        [
          [5, null, 7],
          [6, 8, 9],
        ],
        3,
      ),
    ).toEqual([11, 16]);
  });
});

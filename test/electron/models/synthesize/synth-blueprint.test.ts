import { describe, expect, it } from 'vitest';
import type { ArrayValue } from '../../../../electron/models/gguf/metadata.ts';
import { arrayOf, uint32 } from '../../../../electron/models/gguf/metadata.ts';
import type { Blueprint } from '../../../../electron/models/synthesize/blueprint.ts';
import { keepLayers } from '../../../../electron/models/synthesize/keep-layers.ts';
import { retype } from '../../../../electron/models/synthesize/retype.ts';
import { blueprintOfShape } from '../../../../electron/models/synthesize/shape-blueprint.ts';
import { listShapes } from '../../../../electron/models/synthesize/shape-list.ts';
import { readSynthType, synthTypes } from '../../../../electron/models/synthesize/synth-type.ts';
import { distributionOf } from '../../../../electron/models/synthesize/weight-distribution.ts';
import { findWellKnownShape } from '../../../../electron/models/synthesize/well-known-shapes.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';

const shape = (id: string) => {
  const found = findWellKnownShape(id);
  if (found === undefined) throw new Error(`no shape ${id}`);
  return found;
};

const typesOf = ({ tensors }: Blueprint): Readonly<Record<string, string>> =>
  Object.fromEntries(tensors.map(({ name, type }) => [name, type.name]));

describe('the well-known shapes', () => {
  it('have the number of weights their authors publish, in billions', () => {
    // model cards of the repositories named in the list
    const published = {
      'qwen2.5-0.5b': 0.49,
      'gemma-3-1b': 1.0,
      'tinyllama-1.1b': 1.1,
      'llama-3.2-1b': 1.24,
      'qwen2.5-1.5b': 1.54,
      'qwen3-1.7b': 1.72,
      'llama-3.2-3b': 3.21,
      'qwen3-4b': 4.02,
      'gemma-3-4b': 3.88,
      'mistral-7b': 7.25,
      'qwen2.5-7b': 7.62,
      'llama-3.1-8b': 8.03,
      'qwen3-8b': 8.19,
      'gemma-3-12b': 11.8,
      'qwen2.5-14b': 14.8,
      'qwen3-14b': 14.8,
      'mistral-small-24b': 23.6,
      'gemma-3-27b': 27.0,
      'qwen3-30b-a3b': 30.5,
      'qwen2.5-32b': 32.8,
      'qwen3-32b': 32.8,
      'mixtral-8x7b': 46.7,
      'llama-3.1-70b': 70.6,
      'qwen2.5-72b': 72.7,
    };
    expect(
      Object.fromEntries(listShapes().map(({ id, parameterCount }) => [id, parameterCount / 1e9])),
    ).toEqual(Object.fromEntries(Object.entries(published).map(([id, n]) => [id, expect.closeTo(n, 1)])));
  });

  it('count only the experts a token meets as active', () => {
    const active = (id: string): number =>
      (listShapes().find((each) => each.id === id)?.activeParameterCount ?? 0) / 1e9;
    expect(active('mixtral-8x7b')).toBeCloseTo(12.9, 1);
    expect(active('qwen3-30b-a3b')).toBeCloseTo(3.35, 1);
    expect(active('llama-3.1-8b')).toBeCloseTo(8.03, 1);
  });
});

describe('retype', () => {
  it('changes matrices only, falls back where rows do not divide, and leaves routers and norms alone', () => {
    const q8 = blueprintOfShape(shape('qwen2.5-0.5b'), 'Q8_0');
    expect(typesOf(retype(q8, 'Q4_K'))).toMatchObject({
      'blk.0.attn_q.weight': 'Q5_0', // rows of 896
      'blk.0.ffn_down.weight': 'Q4_K', // rows of 4864
      'blk.0.attn_norm.weight': 'F32',
      'blk.0.attn_q.bias': 'F32',
    });
    const moe = blueprintOfShape(shape('mixtral-8x7b'), 'F16');
    expect(typesOf(retype(moe, 'Q4_K_M'))).toMatchObject({
      'blk.0.ffn_gate_inp.weight': 'F32',
      'blk.9.ffn_gate_exps.weight': 'Q4_K',
      'output.weight': 'Q6_K',
    });
  });

  it('of a shape in F16 equals the shape in that type', () => {
    for (const type of ['Q4_K_M', 'Q8_0', 'IQ3_S', 'MXFP4'] as const) {
      const direct = blueprintOfShape(shape('tinyllama-1.1b'), type);
      expect(typesOf(retype(blueprintOfShape(shape('tinyllama-1.1b'), 'F16'), type))).toEqual(
        typesOf(direct),
      );
    }
  });
});

describe('keepLayers', () => {
  it('spreads the kept layers evenly, so that a mix keeps its proportions, and renumbers them', () => {
    const whole = blueprintOfShape(shape('mistral-7b'), 'Q4_K_M');
    const cut = keepLayers(whole, 8);
    expect(cut.layerCount).toBe(8);
    expect(new Set(cut.tensors.map(({ name }) => /^blk\.(\d+)/.exec(name)?.[1]))).toEqual(
      new Set([undefined, '0', '1', '2', '3', '4', '5', '6', '7']),
    );
    const better = (blueprint: Blueprint) =>
      blueprint.tensors.filter(({ name, type }) => name.endsWith('attn_v.weight') && type.name === 'Q6_K')
        .length / blueprint.layerCount;
    expect(better(cut)).toBeCloseTo(better(whole), 0);
    expect(better(cut)).toBeLessThan(1);
    expect(cut.entries).toContainEqual(['llama.block_count', uint32(8)]);
  });

  it('cuts values that stand for one layer each along with the layers', () => {
    const whole = blueprintOfShape(shape('tinyllama-1.1b'), 'F16');
    const heads = Array.from({ length: 22 }, (_, layer) => layer + 100);
    const cut = keepLayers(
      { ...whole, entries: [...whole.entries, ['llama.attention.head_count_kv', arrayOf('uint32', heads)]] },
      4,
    );
    const kept = cut.entries.findLast(([key]) => key === 'llama.attention.head_count_kv')?.[1] as ArrayValue;
    expect(kept.items).toEqual([100, 105, 111, 116]);
  });

  it('refuses more layers than there are, and models whose layers depend on their number', () => {
    const llama = blueprintOfShape(shape('tinyllama-1.1b'), 'F16');
    expect(() => keepLayers(llama, 23)).toThrow(AppError);
    expect(() => keepLayers({ ...llama, architecture: 'jamba' }, 2)).toThrow(/depend on their number/);
  });
});

describe('readSynthType', () => {
  it('reads any letter case and names the types it knows', () => {
    expect(['q4_k_m', 'Q8_0', 'iq2_xxs', 'mxfp4_moe', 'Q4_K_S'].map(readSynthType)).toEqual([
      'Q4_K_M',
      'Q8_0',
      'IQ2_XXS',
      'MXFP4',
      'Q4_K',
    ]);
    expect(() => readSynthType('Q9_X')).toThrow(AppError);
    expect(synthTypes.length).toBeGreaterThan(25);
  });
});

describe('distributionOf', () => {
  const of = (name: string, dims: readonly number[], hasTiedOutput = false) =>
    distributionOf({ name, shape: dims }, { architecture: 'llama', hasTiedOutput });

  it('keeps activations at deviation 1, norms at one, and recurrent states bounded', () => {
    expect(of('blk.0.attn_q.weight', [256, 256])).toEqual({ type: 'normal', std: 1 / 16 });
    expect(of('blk.0.attn_norm.weight', [256])).toEqual({ type: 'constant', value: 1 });
    expect(of('rope_freqs.weight', [64])).toEqual({ type: 'constant', value: 1 });
    expect(of('blk.0.ssm_a', [16, 256])).toEqual({ type: 'constant', value: -1 });
    expect(of('blk.0.attn_q.bias', [256])).toEqual({ type: 'normal', std: 0.02 });
    expect(of('token_embd.weight', [256, 1000], true)).toEqual({ type: 'normal', std: 1 / 16 });
  });
});

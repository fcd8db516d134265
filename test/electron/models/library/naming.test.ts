import { describe, expect, it } from 'vitest';
import { quantizationLabel } from '../../../../electron/models/library/quantization-label.ts';
import { templateFeatures } from '../../../../electron/models/library/template-features.ts';
import { assignIds, plainId } from '../../../../electron/models/library/model-ids.ts';
import { lookUp } from '../../../../electron/models/library/look-up.ts';
import type { GgufTensor } from '../../../../electron/models/gguf/read-tensors.ts';
import { findTensorTypeByName, tensorTypes } from '../../../../electron/models/gguf/tensor-types.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const matrix = (type: string, rows: number): GgufTensor => ({
  name: `${type} ${rows}`,
  shape: [256, rows],
  type: findTensorTypeByName(type) ?? tensorTypes[0],
  elementCount: 256 * rows,
  sizeBytes: 0,
  offset: 0,
});
const norm: GgufTensor = { ...matrix('F32', 1), shape: [256] };

describe('quantizationLabel', () => {
  it.each([
    ['the label the file claims', 15, [norm, matrix('Q4_K', 90), matrix('Q6_K', 10)], 'Q4_K_M'],
    [
      'the claimed label where rows forced a fallback',
      15,
      [matrix('Q5_0', 70), matrix('Q8_0', 30)],
      'Q4_K_M',
    ],
    ['the real type where the claim is untrue', 1, [matrix('Q8_0', 100)], 'Q8_0'],
    ['the real type where the claim is a default nobody set', 0, [norm, matrix('BF16', 100)], 'BF16'],
    ['the real type where nothing is claimed', undefined, [matrix('IQ3_S', 60), matrix('Q6_K', 40)], 'IQ3_S'],
    ['the real type where the number is unknown', 777, [matrix('MXFP4', 60)], 'MXFP4'],
    ['unknown for a file without matrices', 15, [norm], 'unknown'],
  ] as const)('gives %s', (_what, ftype, tensors, label) => {
    expect(quantizationLabel(ftype, tensors)).toBe(label);
  });
});

describe('templateFeatures', () => {
  it('sees tools and reasoning in a template, and nothing in none', () => {
    expect(templateFeatures('{% if tools %}{{ tools | tojson }}{% endif %}')).toEqual({
      tools: true,
      reasoning: false,
    });
    expect(templateFeatures('{{ "<think>" }}')).toEqual({ tools: false, reasoning: true });
    expect(templateFeatures(null)).toEqual({ tools: false, reasoning: false });
  });
});

describe('ids of models', () => {
  it('are the file name without suffix and part number, or the name in the tool that owns the file', () => {
    expect(plainId({ path: '/m/Qwen 2.5-Q4_K_M.gguf', alias: undefined })).toBe('Qwen-2.5-Q4_K_M');
    expect(plainId({ path: '/m/big-00001-of-00003.gguf', alias: undefined })).toBe('big');
    expect(plainId({ path: '/blobs/sha256-ab', alias: 'llama3.2:1b' })).toBe('llama3.2-1b');
  });

  it('stay what they were when a file of the same name comes first', () => {
    const a = { path: '/a/m.gguf', alias: undefined };
    const b = { path: '/b/m.gguf', alias: undefined };
    const before = assignIds([b], new Map());
    const after = assignIds([a, b], before);
    expect(after.get('/b/m.gguf')).toBe('m');
    expect(after.get('/a/m.gguf')).toMatch(/^m-[0-9a-f]{6}$/);
  });
});

describe('lookUp', () => {
  const models = ['qwen-0.5b-Q4_K_M', 'qwen-0.5b-Q8_0', 'llama3.2-1b', 'dyno-demo-4m-f16'].map((id) => ({
    id,
  }));
  const failure = (wanted: string) => thrownBy(async () => Promise.resolve(lookUp(wanted, models)));

  it.each([
    ['qwen-0.5b-Q8_0', 'qwen-0.5b-Q8_0'],
    ['QWEN-0.5B-q8_0', 'qwen-0.5b-Q8_0'],
    ['dyno-demo-4m-f16.gguf', 'dyno-demo-4m-f16'],
    ['dyno', 'dyno-demo-4m-f16'],
    ['llama3.2:1b', 'llama3.2-1b'],
  ])('takes %s for %s', (wanted, id) => {
    expect(lookUp(wanted, models).id).toBe(id);
  });

  it('lists the candidates of an unclear name', async () => {
    expect(await failure('qwen')).toMatchObject({
      code: 'models.ambiguous',
      hint: 'Name one of them: qwen-0.5b-Q4_K_M, qwen-0.5b-Q8_0.',
    });
  });

  it('offers near names for a wrong one', async () => {
    expect(await failure('quen-0.5b-Q8_0')).toMatchObject({
      code: 'models.not-found',
      details: { near: ['qwen-0.5b-Q8_0', 'qwen-0.5b-Q4_K_M'] },
    });
    expect((await failure('zzz')).hint).toContain('dyno models list');
    expect((await failure('')).code).toBe('models.not-found');
  });
});

import { describe, expect, it } from 'vitest';
import { kldSpeedSpec, memoryWords } from '../../renderer/pages/bench/compare/kld-speed.ts';
import { bytesToMake, sourceOf, typeChoices } from '../../renderer/pages/bench/shootout/shootout-plan.ts';
import type { QuantType } from '../../shared/contract/models.ts';
import { finishedRun, newRun } from '../support/fake-app-host/bench.ts';
import { compareRuns } from '../support/fake-app-host/comparison.ts';
import { judgedRun } from '../support/fake-app-host/judged.ts';
import { demoModel, fakeModel } from '../support/fake-app-host/models.ts';

const types = ['F16', 'Q8_0', 'Q4_K_M', 'Q2_K'];
const judged = (): ReturnType<typeof compareRuns> =>
  compareRuns([judgedRun(finishedRun(newRun('run', 'Run', types.map(demoModel), 'quick', 0)))], undefined);

describe('speed against quality', () => {
  it('places every file by its divergence, the base at 0, its area by its size', () => {
    const { points, frontier } = kldSpeedSpec(judged(), null);
    expect(points.map(({ label, x }) => [label, x])).toEqual([
      ['F16', 0],
      ['Q8_0', 0.00041],
      ['Q4_K_M', 0.0281],
      ['Q2_K', 0.331],
    ]);
    const [base, half] = points;
    const areaRatio = ((base?.radiusPx ?? 0) / (half?.radiusPx ?? 1)) ** 2;
    expect(areaRatio).toBeCloseTo(demoModel('F16').sizeBytes / demoModel('Q8_0').sizeBytes, 6);
    expect(frontier).toEqual(frontier.toSorted((a, b) => a.x - b.x));
  });

  it('draws the memory line between the files that fit and those that do not', () => {
    const comparison = judged();
    const between = (demoModel('Q8_0').sizeBytes + demoModel('Q4_K_M').sizeBytes) / 2;
    const { xLimit } = kldSpeedSpec(comparison, between);
    expect(xLimit?.x).toBeGreaterThan(0.00041);
    expect(xLimit?.x).toBeLessThan(0.0281);
    expect(memoryWords(comparison, between)).toMatch(/^2 of 4 files fit/);
    expect(kldSpeedSpec(comparison, 2 ** 40).xLimit).toBeNull();
    expect(memoryWords(comparison, 2 ** 40)).toBe('All files fit into 1024.0 GiB of free memory.');
  });
});

describe('setting up a shoot-out', () => {
  const quant = (name: string, bitsPerWeight: number, needsImatrix = false): QuantType => ({
    name,
    ftype: 1,
    bitsPerWeight,
    needsImatrix,
    note: '',
  });

  it('makes of the largest unquantized file, and of nothing when there is none', () => {
    const bf16 = fakeModel({ id: 'b', quantization: 'BF16', sizeBytes: 9, bitsPerWeight: 16 });
    const f16 = fakeModel({ id: 'f', quantization: 'F16', sizeBytes: 8, bitsPerWeight: 16 });
    expect(sourceOf([demoModel('Q8_0'), f16, bf16])?.id).toBe('b');
    expect(sourceOf([demoModel('Q8_0')])).toBeUndefined();
  });

  it('offers the smaller types that can be made, and knows which are there', () => {
    const base = demoModel('F16');
    const types = [quant('F32', 32), quant('Q8_0', 8.5), quant('IQ1_S', 1.6, true), quant('Q6_K', 6.6)];
    const choices = typeChoices(base, types, [base, demoModel('Q8_0')], false);
    expect(choices.map(({ type, isThere }) => [type.name, isThere])).toEqual([
      ['Q8_0', true],
      ['Q6_K', false],
    ]);
    expect(bytesToMake(choices, ['Q8_0', 'Q6_K'])).toBeCloseTo((base.parameterCount * 6.6) / 8, 6);
    expect(bytesToMake(choices, ['Q8_0'])).toBe(0);
  });

  it('offers the types that need an importance matrix with a calibration text, and counts all as to be made', () => {
    const base = demoModel('F16');
    const types = [quant('Q8_0', 8.5), quant('IQ1_S', 1.6, true)];
    const choices = typeChoices(base, types, [base, demoModel('Q8_0')], true);
    expect(choices.map(({ type, isThere }) => [type.name, isThere])).toEqual([
      ['Q8_0', false],
      ['IQ1_S', false],
    ]);
  });
});

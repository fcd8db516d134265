import { describe, expect, it } from 'vitest';
import type { MetricVerdict } from '../../../shared/contract/verdict.ts';
import { floorSentence } from '../../../shared/units/floor-text.ts';
import { verdictColumns } from '../../../shared/units/verdict-columns.ts';
import { verdictSummary, verdictText } from '../../../shared/units/verdict-text.ts';
import { fakeFloor } from '../../support/fake-app-host/noise-floor.ts';

const judged = (changes: Partial<MetricVerdict> = {}): MetricVerdict => ({
  runId: 'run_1',
  modelId: 'demo (threads 1)',
  name: 'F16 (threads 1)',
  ladder: 'api',
  test: 'single-stream',
  metric: 'ttftMs',
  verdict: 'worse',
  reason: 'difference',
  baseMedian: 20,
  median: 25,
  difference: { value: 5, low: 4, high: 6 },
  ratio: { value: 1.25, low: 1.2, high: 1.3 },
  confidence: 0.9955,
  p: 0.0022,
  level: 0.0045,
  n: 6,
  baseN: 6,
  floor: 0.02,
  isFinal: true,
  paired: { rounds: 6, higher: 5, ratio: { value: 1.25, low: 1.2, high: 1.3 }, p: 0.0312 },
  ...changes,
});

describe('a verdict', () => {
  it('is written with all it rests on; a round is won by the lower latency', () => {
    expect(verdictColumns.map(({ head, text }) => [head, text(judged())])).toEqual([
      ['against base', 'F16 (threads 1)'],
      ['test', 'api single-stream'],
      ['metric', 'TTFT ms'],
      ['base', '20.0'],
      ['median', '25.0'],
      ['difference', '+25.0 %'],
      ['interval', '+20.0 % to +30.0 %'],
      ['p', '0.0022'],
      ['rounds won', '1 of 6'],
      ['n', '6'],
      ['floor', '2.00 %'],
      ['verdict', '▼ worse'],
    ]);
  });

  it.each([
    [{ reason: 'below-floor' }, '≈ not distinguishable: below the noise floor'],
    [{ reason: 'equal' }, '≈ not distinguishable: within the noise floor'],
    [{ reason: 'equal', floor: null }, '≈ not distinguishable: too small to matter'],
    [{ reason: 'overlap' }, '≈ not distinguishable'],
    [{ reason: 'overlap', isFinal: false }, '≈ not distinguishable: the time was up'],
    [{ reason: 'too-few', p: null }, '≈ not distinguishable: too few repetitions'],
  ] as const)('without a difference says why: %j', (changes, text) => {
    expect(verdictText(judged({ verdict: 'not-distinguishable', ...changes }))).toBe(text);
  });

  it('of several metrics is one sentence, and of several rows none', () => {
    const verdicts = [judged(), judged({ verdict: 'better' }), judged({ verdict: 'not-distinguishable' })];
    expect(verdictSummary(verdicts)).toBe(
      'F16 (threads 1): better than the base in 1 of 3 metrics, worse in 1, not distinguishable in 1.',
    );
    expect(verdictSummary([...verdicts, judged({ name: 'Q8_0' })])).toBeNull();
  });
});

describe('the noise floor', () => {
  it('says what it was measured with and when, or that there is none', () => {
    expect(floorSentence(fakeFloor, fakeFloor.measuredAtMs + 3 * 86_400_000)).toBe(
      'Noise floor: the difference between 4 equal arms of dyno-demo-4m-f16, 10 repetitions each, measured 3 days ago; a smaller difference is not claimed.',
    );
    expect(floorSentence(null, 0)).toContain('dyno calibrate');
  });
});

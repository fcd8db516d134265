import { describe, expect, it } from 'vitest';
import type { LoadTick, ShapeField } from '../../shared/contract/load.ts';
import { defaultText, readFields } from '../../renderer/pages/lab/load/field-values.ts';
import { createLoadLines } from '../../renderer/pages/lab/load/load-lines.ts';

const field = (change: Partial<ShapeField>): ShapeField => ({
  name: 'rate',
  kind: 'number',
  description: '',
  default: 2,
  minimum: null,
  choices: [],
  ...change,
});

describe('the fields of a shape', () => {
  it('leave what was not touched to the default, and read the rest by its kind', () => {
    const fields = [
      field({}),
      field({ name: 'steps', kind: 'list', default: [1, 2] }),
      field({ name: 'by', kind: 'choice', default: 'users', choices: ['users', 'rate'] }),
    ];
    expect(fields.map(defaultText)).toEqual(['2', '1, 2', 'users']);
    expect(readFields(fields, { steps: '1, 2,4', by: 'rate' })).toEqual({
      parameters: { steps: [1, 2, 4], by: 'rate' },
      problems: {},
    });
  });

  it('name what is wrong where it stands, and what is needed', () => {
    const fields = [
      field({ minimum: 1 }),
      field({ name: 'steps', kind: 'list', default: [1] }),
      field({ name: 'trace', kind: 'text', default: null }),
    ];
    expect(readFields(fields, { rate: '0', steps: '1,x' }).problems).toEqual({
      rate: 'At least 1',
      steps: 'Numbers, separated by commas',
      trace: 'Needed',
    });
  });
});

describe('the lines of a load run', () => {
  const tick = (atMs: number, stage: number): LoadTick => ({
    atMs,
    stage,
    tokensPerSecond: 50,
    inFlight: 2,
    ttftsMs: [12],
    finished: 0,
    failed: 0,
  });

  it('begin at the first tick, have a band per stage, and close over the time between two processes', () => {
    const lines = createLoadLines();
    for (const one of [tick(5000, 0), tick(5250, 0), tick(65_250, 1), tick(100, 1)]) lines.add(one);
    lines.nameStages([]);
    expect(lines.tokensPerSecond.points.map((point) => point.x)).toEqual([0, 0.25, 2.25, 2.5]);
    expect(lines.bands()).toEqual([
      { fromX: 0, toX: 0.25, label: '' },
      { fromX: 2.25, toX: 2.5, label: '' },
    ]);
    expect(lines.ttft.points).toHaveLength(4);
  });
});

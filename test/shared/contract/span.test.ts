import { describe, expect, it } from 'vitest';
import { costProcedures } from '../../../shared/contract/local-cost.ts';
import { usageProcedures } from '../../../shared/contract/usage.ts';

const inputs = {
  'usage.sum': usageProcedures.sum['~orpc'].inputSchema,
  'usage.rows': usageProcedures.rows['~orpc'].inputSchema,
  'costs.report': costProcedures.report['~orpc'].inputSchema,
};

describe.each(Object.entries(inputs))('the span of %s', (_name, input) => {
  it.each([
    { fromMs: '2', toMs: '1' },
    { fromMs: 2, toMs: 2 },
  ])('is refused by both names where it is empty: %j', (span) => {
    expect(input?.safeParse(span).error?.issues).toMatchObject([
      { path: ['toMs'], message: expect.stringContaining('after fromMs') as unknown },
    ]);
  });

  it.each([undefined, {}, { fromMs: '1', toMs: '2' }, { fromMs: 5 }, { toMs: 5 }])('may be %j', (span) => {
    expect(input?.safeParse(span).success).toBe(true);
  });
});

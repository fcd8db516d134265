import { expect, it } from 'vitest';
import { metricNameSchema } from '../../../shared/contract/bench.ts';
import { metricDefinitions } from '../../../shared/metrics/definitions.ts';

it('every metric of the contract has a definition, a formula and its names elsewhere', () => {
  const missing = metricNameSchema.options.filter((name) => !(name in metricDefinitions));
  const thin = Object.entries(metricDefinitions).filter(
    ([, metric]) => metric.definition.length < 40 || metric.formula.length < 5 || metric.elsewhere.length < 5,
  );
  expect({ missing, thin }).toEqual({ missing: [], thin: [] });
});

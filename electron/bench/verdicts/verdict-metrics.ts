import type { Cell, MetricName } from '../../../shared/contract/bench.ts';

/**
 * Metrics of a test that get a verdict. The others follow from them, and every further metric is a further chance to be
 * wrong.
 */
export const verdictMetrics = ({
  ladder,
  workload,
}: Pick<Cell, 'ladder' | 'workload'>): readonly MetricName[] => {
  if (ladder === 'api') {
    // with one user the system's output is that user's
    return workload['profile'] === 'single-stream'
      ? ['ttftMs', 'decodeTps']
      : ['ttftMs', 'decodeTps', 'systemTps'];
  }
  if (workload['kind'] === 'prefill') return ['prefillTps'];
  return workload['sequences'] === 1 ? ['decodeTps'] : ['systemTps'];
};

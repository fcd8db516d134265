import { apiMetrics } from './api-definitions.ts';
import { engineMetrics } from './engine-definitions.ts';
import { qualityMetrics } from './quality-definitions.ts';

/**
 * What every figure on a screen, in a report or in the terminal means. `docs/metrics.md` holds the same definitions
 * with their reasons; METRICS_VERSION rises when a formula changes.
 */
export interface MetricDefinition {
  /** As shown in a column head. */
  readonly name: string;
  /** As shown behind it; empty for a ratio or a word. */
  readonly unit: string;
  readonly definition: string;
  readonly formula: string;
  /** What other tools call it, and where theirs differs. */
  readonly elsewhere: string;
  /** Which direction is the better one; `none` where it depends. */
  readonly better: 'higher' | 'lower' | 'none';
}

export const metricDefinitions = {
  ...engineMetrics,
  ...apiMetrics,
  ...qualityMetrics,
} as const satisfies Record<string, MetricDefinition>;

export type MetricId = keyof typeof metricDefinitions;

export const metricDefinition = (id: MetricId): MetricDefinition => metricDefinitions[id];

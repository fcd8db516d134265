import { createHash } from 'node:crypto';
import { METRICS_VERSION, type EngineTest } from '../../shared/contract/bench.ts';

/** Lower-case hex SHA-256 of a text. */
export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** JSON with sorted keys, so that equal content has equal text. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** SHA-256 of formula version + ladder + workload + seed: equal hashes may be compared. */
export const workloadHashOf = (
  ladder: 'engine' | 'api',
  workload: Readonly<Record<string, unknown>>,
  seed: number,
): string => sha256Of(canonicalJson({ metricsVersion: METRICS_VERSION, ladder, workload, seed }));

/** Shortens a test to what fits `contextSize` tokens: first the depth gives way, then the length. */
export const clipEngineTest = (test: EngineTest, contextSize: number): EngineTest => {
  const tokens = Math.min(test.tokens, contextSize);
  return { ...test, tokens, depth: Math.min(test.depth, contextSize - tokens) };
};

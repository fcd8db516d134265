import { median } from 'simple-statistics';
import type { EngineFacts } from '../../../shared/contract/engine.ts';
import type { EngineSettingsPatch } from '../../../shared/contract/models.ts';
import type { TrustReason } from './reason.ts';

/** Below this share of its threads' time the engine had to share the cores. */
const fullShare = 0.95;

/**
 * Processor time the engine got against the threads it runs. Only where the CPU does all the work: with layers on a
 * GPU the threads mostly wait.
 */
export const cpuShareReasons = (
  cpuPerWall: readonly number[],
  facts: Pick<EngineFacts, 'threads' | 'gpuLayers'>,
): readonly TrustReason[] => {
  if (cpuPerWall.length === 0 || facts.gpuLayers > 0) return [];
  const got = median([...cpuPerWall]);
  if (got >= fullShare * facts.threads) return [];
  return [
    {
      level: 'amber',
      signal: 'cpu-share',
      message: `The engine got ${got.toFixed(2)} processor seconds per second for its ${facts.threads} ${facts.threads === 1 ? 'thread' : 'threads'}: other programs took the rest, or its threads waited for each other.`,
    },
  ];
};

/** Settings the engine runs with although others were asked for. */
export const settingsReasons = (asked: EngineSettingsPatch, facts: EngineFacts): readonly TrustReason[] => {
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['context', asked.contextSize, facts.contextSize],
    ['slots', asked.slots, facts.slots],
    ['threads', asked.threads, facts.threads],
    ['batch size', asked.batchSize, facts.batchSize],
    ['KV key type', asked.kvKeyType, facts.kvKeyType],
    ['KV value type', asked.kvValueType, facts.kvValueType],
    ['GPU layers', typeof asked.gpuLayers === 'number' ? asked.gpuLayers : undefined, facts.gpuLayers],
  ];
  return pairs
    .filter(([, wanted, got]) => wanted !== undefined && wanted !== 'auto' && wanted !== got)
    .map(([name, wanted, got]) => ({
      level: 'red',
      signal: 'settings',
      message: `The engine runs with ${name} ${String(got)} although ${String(wanted)} was asked for.`,
    }));
};

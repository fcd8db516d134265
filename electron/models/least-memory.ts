import type { EngineSettings, ModelDetails } from '../../shared/contract/models.ts';
import { leastCacheBytesPerToken } from './least-cache.ts';

interface Question {
  readonly settings: Pick<EngineSettings, 'slots' | 'useMmap'>;
  /** Per slot. */
  readonly contextSize: number;
  readonly cacheBytesPerToken: number;
  readonly weightsBytes: number;
}

/**
 * What these settings take at the very least, in RAM and VRAM together: the cache of all slots, and the weights unless
 * they may stay in the mapped file. Buffers come on top.
 */
export const leastMemoryBytes = (question: Question): number => {
  const { settings, contextSize, cacheBytesPerToken, weightsBytes } = question;
  return contextSize * settings.slots * cacheBytesPerToken + (settings.useMmap === false ? weightsBytes : 0);
};

/** The same of a model in the library, where the context is chosen; 0 where it takes what is left. */
export const leastMemoryOf = (
  { architecture, metadata, sizeBytes }: Pick<ModelDetails, 'architecture' | 'metadata' | 'sizeBytes'>,
  settings: EngineSettings,
): number => {
  const { contextSize } = settings;
  if (contextSize === 'auto') return 0;
  const read = (name: string): unknown => metadata[`${architecture}.${name}`];
  const cacheBytesPerToken = leastCacheBytesPerToken({ architecture, read }, settings);
  return leastMemoryBytes({ settings, contextSize, cacheBytesPerToken, weightsBytes: sizeBytes });
};

const contextStep = 256;
/** Buffers, and what the system needs. */
const usableShare = 0.8;

/** The largest whole step of context that such a machine can be expected to hold; 0 when none. */
export const likelyContextSize = (
  { settings, cacheBytesPerToken, weightsBytes }: Omit<Question, 'contextSize'>,
  freeBytes: number,
  trainedContextSize: number,
): number => {
  const room = freeBytes * usableShare - weightsBytes;
  const tokens = Math.min(trainedContextSize, room / (cacheBytesPerToken * settings.slots));
  return Math.max(0, Math.floor(tokens / contextStep) * contextStep);
};

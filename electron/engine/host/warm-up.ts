import type { AdapterFile } from '../engine.ts';
import { mixAdapters } from './adapter-mix.ts';
import type { BatchEngine } from './batch-engine.ts';

/**
 * The first decode pages the weights in and sizes the buffers: better in the load than in a first answer. All adapters at
 * once make the largest graph.
 */
export const warmUp = async (
  engine: BatchEngine,
  threads: number,
  adapters: readonly AdapterFile[],
): Promise<void> => {
  engine.setThreads(threads);
  engine.useAdapters(
    mixAdapters(
      adapters,
      adapters.map((_, id) => ({ id, scale: 1 })),
    ),
  );
  await engine.decode([{ sequence: 0, position: 0, tokens: Uint32Array.of(0), want: 'logits' }]);
  await engine.truncate(0, 0);
};

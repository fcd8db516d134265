import type { EngineStep } from '../../../shared/contract/engine-steps.ts';
import type { Replica } from '../../../shared/contract/engine.ts';
import { engineSettingsSchema } from '../../../shared/contract/models.ts';
import type { ServerStatus } from '../../../shared/contract/server.ts';
import { createFakeFacts } from '../fake-engine.ts';

/** Steps of chats that come and go: a prefill, then decodes of one to four sequences. */
export const fakeSteps = (): EngineStep[] =>
  Array.from({ length: 57 }, (_, index) => {
    const isPrefill = index % 19 === 0;
    const decoded = isPrefill ? 0 : 1 + (Math.floor(index / 7) % 4);
    return {
      atMs: 1_000 + index * 6.5,
      decoded,
      prefilled: isPrefill ? 48 : 0,
      tookMs: isPrefill ? 21.4 : 4.6 + decoded * 0.3,
      sampleMs: isPrefill ? 0.1 : decoded * 0.08,
      running: Math.max(1, decoded),
      queued: 0,
    };
  });

/** The engines of the fake host: the one behind its server, while that is on. It has not decoded 72 steps yet. */
export const fakeEngines = (server: ServerStatus): Replica[] =>
  server.type === 'on'
    ? [
        {
          id: server.replicaId,
          modelId: server.modelId,
          modelPath: `/models/${server.modelId}.gguf`,
          settings: engineSettingsSchema.parse({}),
          state: {
            type: 'ready',
            facts: createFakeFacts({
              slots: server.slots,
              contextSize: server.contextSize,
              threads: 8,
              prefillThreads: 16,
            }),
          },
          pid: 4242,
          running: server.running,
          queued: server.queued,
          kvTokens: 1_384,
          residentBytes: 214 * 2 ** 20,
          steps: {
            decodeSteps: 57,
            decodeBatchMean: 2.4,
            decodeMsP50: 5.31,
            decodeMsP95: null,
            prefillShare: 0.182,
            loopDelayP99Ms: 0.64,
          },
        },
      ]
    : [];

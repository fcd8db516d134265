import type { Replica } from '../../../shared/contract/engine.ts';
import { engineSettingsSchema } from '../../../shared/contract/models.ts';
import type { ServerStatus } from '../../../shared/contract/server.ts';
import { createFakeFacts } from '../fake-engine.ts';

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

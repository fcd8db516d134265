import type { ServerStatus } from '../../shared/contract/server.ts';
import type { OpenServer } from './open-server.ts';

/** What the window shows of a server that listens. */
export const statusOf = ({ model, replica, gateway, url, port, sinceMs }: OpenServer): ServerStatus => {
  const { running, queued, totals } = gateway.snapshot();
  const state = replica.state();
  return {
    type: 'on',
    url,
    port,
    modelId: model.id,
    modelName: model.name,
    quantization: model.quantization,
    replicaId: replica.id,
    sinceMs,
    running,
    queued,
    slots: state.type === 'ready' ? state.facts.slots : 0,
    contextSize: state.type === 'ready' ? state.facts.contextSize : 0,
    totals: {
      requests: totals.requests,
      errors: totals.errors,
      promptTokens: totals.promptTokens,
      outputTokens: totals.outputTokens,
    },
  };
};

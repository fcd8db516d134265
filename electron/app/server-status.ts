import { basename } from 'node:path';
import type { NetworkStatus } from '../../shared/contract/network.ts';
import type { ServedModelStatus, ServerStatus } from '../../shared/contract/server.ts';
import type { OpenServer, Served } from './open-server.ts';

const servedOf = ({ model, replica, adapters }: Served): ServedModelStatus => {
  const state = replica.state();
  return {
    modelId: model.id,
    modelName: model.name,
    quantization: model.quantization,
    replicaId: replica.id,
    slots: state.type === 'ready' ? state.facts.slots : 0,
    contextSize: state.type === 'ready' ? state.facts.contextSize : 0,
    adapters: adapters.map(({ path, scale }) => ({ name: basename(path), scale })),
  };
};

/** What the window shows of a server that listens. */
export const statusOf = (
  { served, gateway, url, port, sinceMs }: OpenServer,
  network: NetworkStatus | null,
): ServerStatus => {
  const { running, queued, totals } = gateway.snapshot();
  return {
    type: 'on',
    url,
    port,
    ...servedOf(served[0]),
    models: served.map(servedOf),
    network,
    sinceMs,
    running,
    queued,
    totals: {
      requests: totals.requests,
      errors: totals.errors,
      promptTokens: totals.promptTokens,
      outputTokens: totals.outputTokens,
    },
  };
};

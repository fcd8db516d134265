import type { ServedModel } from '../../electron/gateway/router/route-table.ts';
import { createRouteTable, type ModelInfo } from '../../electron/gateway/router/route-table.ts';
import type { EngineFacts } from '../../shared/contract/engine.ts';
import { createScriptedReplica } from './scripted-replica.ts';

/** A served model without HTTP before it, for tests of parsing and routing. */
export const createServedModel = (
  info: Partial<ModelInfo> = {},
  facts: Partial<EngineFacts> = {},
): ServedModel => ({
  info: { id: 'demo', name: 'Demo', quantization: 'F16', contextLength: 1024, createdMs: 0, ...info },
  replicas: () => [createScriptedReplica({ facts })],
});

export const createDemoRoutes = (info: Partial<ModelInfo> = {}) =>
  createRouteTable([{ info: createServedModel(info).info, replicas: [createScriptedReplica()] }]);

import type { UsageEntry } from '../../../shared/contract/usage.ts';
import type { Exchange } from '../exchange.ts';
import type { Call } from '../call.ts';
import { adaptersAtWork } from '../llama/lora.ts';
import type { RoutedEngine } from '../request-table.ts';
import type { ServedModel } from '../router/route-table.ts';

/**
 * The content that answered: of the engines it went to; else, where it was refused or a kept answer was told again, of
 * those that serve the model. `null` where that is not one: no single hash would be true then.
 */
const contentOf = (engines: readonly RoutedEngine[], model: ServedModel | undefined): string | null => {
  const served = (): readonly (string | null)[] => model?.replicas().map((replica) => replica.fileId()) ?? [];
  const [fileId = null, ...others] = new Set(
    engines.length > 0 ? engines.map((engine) => engine.fileId) : served(),
  );
  return others.length === 0 ? fileId : null;
};

/**
 * The ledger's row of a request that has ended.
 * @param call `undefined` where it was refused before it was understood
 * @param model the one that answered: under load it may be a smaller one than was asked
 */
export const toUsageEntry = (
  { id, principal, record }: Pick<Exchange, 'id' | 'principal' | 'record'>,
  call: Call | undefined,
  model: ServedModel | undefined,
): UsageEntry => {
  const request = record.row();
  const engines = record.engines();
  return {
    requestId: id,
    atMs: request.atMs,
    route: request.route,
    keyId: principal.keyId,
    keyName: principal.name,
    tenantId: principal.tenantId,
    projectId: principal.projectId,
    model: model?.info.id ?? '',
    modelSha256: null, // the ledger tells it by the file
    modelFile: contentOf(engines, model),
    quantization: model?.info.quantization ?? '',
    adapters: call === undefined ? '' : adaptersAtWork(call),
    replicaId: [...new Set(engines.map((engine) => engine.id))].join(' ') || null,
    promptTokens: request.promptTokens ?? 0,
    cachedTokens: request.cachedTokens ?? 0,
    cacheTier: record.cacheTier(),
    reasoningTokens: record.reasoningTokens(),
    outputTokens: request.outputTokens,
    queueMs: request.queueMs,
    ttftMs: request.ttftMs,
    totalMs: request.totalMs,
    finishReason: request.finishReason,
    errorCode: request.errorCode,
    degraded: request.degraded.join(' '),
  };
};

import type { UsageEntry } from '../../../shared/contract/usage.ts';
import type { Exchange } from '../exchange.ts';
import type { Call } from '../call.ts';
import { adaptersAtWork } from '../llama/lora.ts';
import type { ServedModel } from '../router/route-table.ts';

/**
 * The ledger's row of a request that has ended.
 * @param call `undefined` where it was refused before it was understood
 * @param model the one that answered: under load it may be a smaller one than was asked
 */
export const toUsageEntry = (
  { id, principal, record }: Exchange,
  call: Call | undefined,
  model: ServedModel | undefined,
): UsageEntry => {
  const request = record.row();
  const replicas = model?.replicas() ?? [];
  return {
    requestId: id,
    atMs: request.atMs,
    route: request.route,
    keyId: principal.keyId,
    keyName: principal.name,
    tenantId: principal.tenantId,
    projectId: principal.projectId,
    model: model?.info.id ?? '',
    modelSha256: model?.info.file?.sha256 ?? null,
    quantization: model?.info.quantization ?? '',
    adapters: call === undefined ? '' : adaptersAtWork(call),
    replicaId: replicas.length === 1 ? (replicas[0]?.id ?? null) : null,
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

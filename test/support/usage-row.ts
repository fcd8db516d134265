import type { UsageRow } from '../../shared/contract/usage.ts';

/** A row of the ledger as a test wants it: written before costs were kept, unless given. */
export const usageRow = (requestId: string, given: Partial<UsageRow> = {}): UsageRow => ({
  requestId,
  atMs: Date.UTC(2026, 10, 25, 13, 30),
  route: '/v1/chat/completions',
  keyId: 'k',
  keyName: 'laptop',
  tenantId: 'a',
  projectId: 'default',
  model: 'demo',
  modelSha256: null,
  quantization: 'F16',
  replicaId: 'r',
  promptTokens: 10,
  cachedTokens: 4,
  cacheTier: 'prefix',
  reasoningTokens: 0,
  outputTokens: 5,
  queueMs: 1,
  ttftMs: 2,
  totalMs: 3,
  finishReason: 'stop',
  errorCode: null,
  degraded: '',
  costs: null,
  ...given,
});

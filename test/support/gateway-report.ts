import type { GenerateUsage } from '../../electron/engine/engine.ts';
import type { ReplyHead } from '../../electron/gateway/generation/format.ts';
import type { Report } from '../../electron/gateway/generation/report.ts';

export const sampleHead: ReplyHead = { id: 'id-1', createdSeconds: 1, model: 'demo', fingerprint: 'f' };

/** The numbers of a reply, for tests of how dialects write them. */
export const createReport = (usage: Partial<GenerateUsage> = {}): Report => ({
  usage: { promptTokens: 3, cachedTokens: 0, outputTokens: 2, reasoningTokens: 0, ...usage },
  timings: {
    cache_n: 0,
    prompt_n: 3,
    prompt_ms: 6,
    prompt_per_token_ms: 2,
    prompt_per_second: 500,
    predicted_n: 2,
    predicted_ms: 10,
    predicted_per_token_ms: 10,
    predicted_per_second: 100,
  },
  stats: { time_to_first_token: 0.01, tokens_per_second: 100, queue_time: 0.001 },
  totalMs: 20,
});

import type { ServerRequest } from '../../../../shared/contract/server.ts';

export const isActive = ({ phase }: ServerRequest): boolean =>
  phase === 'queued' || phase === 'prefill' || phase === 'decode';

/** From the engine's start on it to its first token, milliseconds; `null` before. */
export const prefillMsOf = ({ queueMs, ttftMs }: ServerRequest): number | null =>
  queueMs === null || ttftMs === null ? null : ttftMs - queueMs;

/** From the first token to the end, milliseconds; `null` before. */
export const decodeMsOf = ({ ttftMs, totalMs }: ServerRequest): number | null =>
  ttftMs === null || totalMs === null ? null : totalMs - ttftMs;

/** What it ended with, in a word: its error, else its finish reason. */
export const outcomeOf = ({ errorCode, finishReason }: ServerRequest): string =>
  errorCode ?? finishReason ?? '';

/**
 * Remaining milliseconds by the share done so far, `null` while too little is done to say (under 2 % or one second).
 */
export const estimateRemainingMs = (fraction: number | null, elapsedMs: number): number | null => {
  if (fraction === null || fraction < 0.02 || elapsedMs < 1000) return null;
  return Math.round((elapsedMs * (1 - fraction)) / fraction);
};

/** How long requests hold their place lately, and by how much they differ. */
export interface ServiceTime {
  add(serviceMs: number): void;
  meanMs(): number;
  /**
   * What to add to an end that was worked out with the mean, so that it is met: the four mean deviations of RFC 6298
   * (section 2), and a quarter of the mean, for half of all requests take longer than it.
   */
  slackMs(): number;
}

/** Weight of the newest request in the mean; RFC 6298 weighs deviations twice as high as the mean. */
const NEWEST_WEIGHT = 0.2;
const DEVIATION_WEIGHT = 0.25;
const DEVIATIONS = 4;
const SHARE_OF_MEAN = 0.25;
/** Taken for the mean before the first request is done. */
const FIRST_GUESS_MS = 1000;

export const createServiceTime = (): ServiceTime => {
  let known: { readonly meanMs: number; readonly deviationMs: number } | undefined;
  // RFC 6298: half of the first for what is known of the deviation then
  const now = () => known ?? { meanMs: FIRST_GUESS_MS, deviationMs: FIRST_GUESS_MS / 2 };
  return {
    add: (serviceMs) => {
      if (known === undefined) {
        known = { meanMs: serviceMs, deviationMs: serviceMs / 2 };
        return;
      }
      const { meanMs, deviationMs } = known;
      known = {
        meanMs: meanMs + NEWEST_WEIGHT * (serviceMs - meanMs),
        deviationMs: deviationMs + DEVIATION_WEIGHT * (Math.abs(serviceMs - meanMs) - deviationMs),
      };
    },
    meanMs: () => now().meanMs,
    slackMs: () => {
      const { meanMs, deviationMs } = now();
      return SHARE_OF_MEAN * meanMs + DEVIATIONS * deviationMs;
    },
  };
};

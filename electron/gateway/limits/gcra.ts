/** Every rate is counted over a minute. */
export const WINDOW_MS = 60_000;

/**
 * The generic cell rate algorithm (ITU-T I.371) in its form as a leaky bucket: a bucket is one number, the debt that
 * drains as time goes by. A limit of L a minute lets L through at once, and L a minute evenly after that: over any span
 * of s seconds at most L × (1 + s / 60).
 * @param tatMs theoretical arrival time: when the debt will have drained, on the clock of `nowMs`
 */
export const debtMs = (tatMs: number, nowMs: number): number => Math.max(0, tatMs - nowMs);

/** What a cost of so many units adds to the debt. */
export const costMs = (cost: number, limit: number): number => (cost * WINDOW_MS) / limit;

/** A rounding error of a sum must not refuse the last unit of a bucket. */
const EPSILON_MS = 1e-6;

/** Milliseconds until `cost` fits; 0 when it does now. `Infinity` for a cost over the whole limit. */
export const waitMs = (
  tatMs: number,
  nowMs: number,
  { cost, limit }: { readonly cost: number; readonly limit: number },
): number => {
  if (cost > limit) return Infinity;
  const over = debtMs(tatMs, nowMs) + costMs(cost, limit) - WINDOW_MS;
  return over <= EPSILON_MS ? 0 : over;
};

/** Whole units that would fit now. */
export const remainingUnits = (tatMs: number, nowMs: number, limit: number): number =>
  Math.max(0, Math.floor(((WINDOW_MS - debtMs(tatMs, nowMs)) * limit) / WINDOW_MS + EPSILON_MS));

/** Speed over the last seconds: short enough to follow a change of the line, long enough to be readable. */
const windowMs = 5_000;
/** Below this the figure is noise. */
const firstMs = 500;

interface Sample {
  readonly atMs: number;
  readonly bytes: number;
}

/** Bytes per second over a sliding window. Bytes there at the start (a resumed download) do not count as speed. */
export const createRateMeter = (startedMs: number, startedBytes: number) => {
  let samples: readonly Sample[] = [{ atMs: startedMs, bytes: startedBytes }];
  return {
    /** @returns bytes per second, `null` while unknown */
    update: (atMs: number, bytes: number): number | null => {
      const kept = samples.filter((sample) => sample.atMs >= atMs - windowMs);
      samples = [...(kept.length === 0 ? samples.slice(-1) : kept), { atMs, bytes }];
      const first = samples[0];
      if (first === undefined || atMs - first.atMs < firstMs) return null;
      return Math.max(0, ((bytes - first.bytes) * 1000) / (atMs - first.atMs));
    },
  };
};

/** How a tool loaded a server, as far as its file says. */
export interface LoadShape {
  readonly concurrency: number | null;
  /** Requests per second of an open loop; `null` = as fast as the concurrency allows. */
  readonly ratePerSecond: number | null;
  readonly burstiness: number | null;
  readonly requests: number | null;
  readonly promptTokens: number | null;
  readonly outputTokens: number | null;
}

const nameOf = ({ concurrency, ratePerSecond }: LoadShape): string => {
  if (ratePerSecond !== null) return `open-loop ${ratePerSecond}/s`;
  if (concurrency === null) return 'all at once';
  return concurrency === 1 ? 'single-stream' : `closed-loop x${concurrency}`;
};

/** Dyno's name of the load and what is known of the work; what the file does not say is left out. */
export const loadShape = (
  shape: LoadShape,
): { readonly test: string; readonly workload: Record<string, unknown> } => ({
  test: nameOf(shape),
  workload: Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== null)),
});

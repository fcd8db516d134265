/** One request of a recorded trace. */
export interface TraceEntry {
  /** Arrival, ms after the trace's first request. */
  readonly atMs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Requests with the same value begin with the same prompt; from a trace with block hashes. */
  readonly prefix?: { readonly group: number; readonly tokens: number };
}

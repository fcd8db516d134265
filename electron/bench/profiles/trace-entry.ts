/** A stretch of text; stretches of the same group begin with the same words, the same length gives the same text. */
export interface SharedPiece {
  readonly group: number;
  readonly tokens: number;
}

/** One request of a recorded trace. */
export interface TraceEntry {
  /** Arrival, ms after the trace's first request. */
  readonly atMs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** What its prompt begins with, in order, as far as other requests begin with it, too; from a trace with block hashes. */
  readonly prefix?: readonly SharedPiece[];
}

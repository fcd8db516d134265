/** When an engine worked on a request, on the monotonic clock, and how much it generated. */
export interface EngineWork {
  readonly requestId: string;
  readonly model: string;
  readonly fromMs: number;
  /** Of the prompt those that no cache held; `null` for work in no steps, as embeddings. */
  readonly prefillTokens: number | null;
  /** `null` until there is one. */
  readonly firstTokenMs: number | null;
  /** `null` while it works. */
  readonly toMs: number | null;
  /** Generated so far, of all choices. */
  readonly outputTokens: number;
}

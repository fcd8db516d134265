import type { Job } from '../../shared/contract/common.ts';

export interface JobProgress {
  /** 0..1, `null` while the total is unknown. */
  readonly fraction: number | null;
  readonly note: string;
  /** A better estimate than the runner's own, where the action has one. */
  readonly etaMs?: number | null;
}

export interface JobContext {
  readonly jobId: string;
  readonly signal: AbortSignal;
  report(progress: JobProgress): void;
}

/** How one kind of job is done. `input` is plain JSON, kept so that an interrupted job can be resumed. */
export interface JobDefinition {
  readonly kind: Job['kind'];
  readonly isPausable: boolean;
  title(input: unknown): string;
  /** Resolves to the id of what was made, or `null`. */
  run(input: unknown, context: JobContext): Promise<string | null>;
  /** Clears away what a cancelled job leaves behind (a paused one keeps it). */
  discard?(input: unknown): Promise<void>;
}

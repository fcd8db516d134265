import type { JudgeWish } from '../../../shared/contract/bench-judge.ts';
import type { QualityResult } from '../../../shared/contract/quality.ts';

export interface JudgeOrder {
  /** Ids in the library. */
  readonly baseModelId: string;
  readonly candidateIds: readonly string[];
  readonly wish: JudgeWish;
}

export interface JudgeHooks {
  readonly signal: AbortSignal;
  /** 0..1 over all candidates. */
  readonly onProgress: (fraction: number, note: string) => void;
  /** A candidate is judged; its result is stored. */
  readonly onResult: (result: QualityResult) => void;
}

/** What the bench needs to judge quality; `app` wires it. Results that are there already are not computed again. */
export interface Judge {
  /** Refuses a wish whose text or tasks cannot be read. @throws AppError `files.not-found`, `quality.bad-tasks` */
  check(wish: JudgeWish): Promise<void>;
  /** @throws AppError of the first candidate that cannot be judged; `app.cancelled` */
  judge(order: JudgeOrder, hooks: JudgeHooks): Promise<void>;
}

import type { Calibration } from '../../../shared/contract/bench-make.ts';
import type { Model } from '../../../shared/contract/models.ts';

export interface MakeProgress {
  /** 0..1 of this file. */
  readonly fraction: number;
}

interface MakeOrder {
  readonly base: Model;
  readonly type: string;
  readonly path: string;
  readonly calibration?: Calibration | undefined;
}

/** What the bench needs to make the files it measures; `app` wires it to the quantizer and the library. */
export interface ModelMaker {
  /** The whole file of `type` that was made from `base` earlier, with an importance matrix of that very text or with none. */
  find(base: Model, type: string, calibration?: Calibration): Promise<Model | undefined>;
  /** A path for the file at which nothing lies. */
  freePath(base: Model, type: string, calibration?: Calibration): Promise<string>;
  /**
   * Makes the file at `path`, or takes in the whole one that a killed run left there, and resolves with it as the
   * library has it. The importance matrix is collected once per base and text. Nothing is left behind on failure or abort.
   * @throws AppError `models.*`, `quality.calibrated-on-text`, `storage.disk-full`, `app.cancelled`
   */
  make(
    order: MakeOrder,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: MakeProgress) => void },
  ): Promise<Model>;
}

import type { Model } from '../../../shared/contract/models.ts';

export interface MakeProgress {
  /** 0..1 of this file. */
  readonly fraction: number;
}

/** What the bench needs to make the files it measures; `app` wires it to the quantizer and the library. */
export interface ModelMaker {
  /** The whole file of `type` that was made from `base` earlier. */
  find(base: Model, type: string): Promise<Model | undefined>;
  /** A path for the file at which nothing lies. */
  freePath(base: Model, type: string): Promise<string>;
  /**
   * Makes the file at `path`, or takes in the whole one that a killed run left there, and resolves with it as the
   * library has it. Nothing is left behind on failure or abort.
   * @throws AppError `models.*`, `storage.disk-full`, `app.cancelled`
   */
  make(
    order: { readonly base: Model; readonly type: string; readonly path: string },
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: MakeProgress) => void },
  ): Promise<Model>;
}

/**
 * The scorer as the bench needs it: a throw-away child that reads a text window by window through a base and its
 * candidates at the same time, and tells what each predicted. Full vocabulary; no logits leave the child.
 */

/** The prebuilt llama.cpp to use, as node-llama-cpp names its packages. */
export type NativeBackend = 'cpu' | 'cuda' | 'vulkan' | 'metal';

/** A model file with the layers that go to the GPU; −1 = all. */
export interface ScoredFile {
  readonly path: string;
  readonly gpuLayers: number;
}

/** What candidates are held against: the base itself, or a reference pack made from it. */
export type ScoreReference =
  | { readonly type: 'model'; readonly file: ScoredFile; readonly textPath: string }
  | { readonly type: 'pack'; readonly path: string };

export interface ScoreTask {
  readonly reference: ScoreReference;
  /** `done`: positions of windows that need no second look. */
  readonly candidates: readonly { readonly file: ScoredFile; readonly done: readonly number[] }[];
  /** Tokens per window; a pack has its own; a smaller training context clips it. */
  readonly contextSize: number;
  /** At most this many windows, from the beginning; `null`: the whole text. */
  readonly maxWindows: number | null;
  readonly backend: NativeBackend;
  readonly useMmap: boolean | 'auto';
  /** `isFixed`: the user chose; else the child takes what proves fastest up to `limit`. */
  readonly threads: { readonly limit: number; readonly isFixed: boolean };
  /** Also tells the base's `topK` most likely tokens of every scored position (for a pack). */
  readonly topK: number | null;
}

/** What the child found when everything was loaded, before the first window. */
export interface ScoreOpening {
  readonly contextSize: number;
  /** Tokens of the text, beginning-of-sequence token included where the model adds one. */
  readonly tokenCount: number;
  readonly windowCount: number;
  readonly addsBos: boolean;
  readonly vocabularySize: number;
  /** SHA-256 over the texts of all tokens. */
  readonly vocabularySha256: string;
  /** SHA-256 over the token ids that are scored. */
  readonly tokensSha256: string;
  readonly llamaCppRelease: string;
}

/**
 * One candidate on one window: a value per scored position, as base64 of little-endian 32-bit floats (`sameTop`: one
 * byte each). Natural logarithms. 32 bits are what llama.cpp's own tool keeps of each value.
 */
export interface WindowScore {
  readonly position: number;
  /** Negative log-probability of the token that follows, by the candidate and by the base. */
  readonly nll: string;
  readonly nllBase: string;
  /** KL(base ‖ candidate); against a pack, its lower bound. */
  readonly kld: string;
  /** 1 where both hold the same token most likely. */
  readonly sameTop: string;
  /** Probability of the base that the pack's tokens hold, mean over the positions; 1 against a whole base. */
  readonly capturedMass: number;
}

/** The base's most likely tokens of one window: `topK` per scored position, most likely first. */
export interface WindowTop {
  readonly position: number;
  /** The window's token ids. */
  readonly tokens: string;
  /** Little-endian 32-bit ids, and natural log-probabilities as 32-bit floats, base64. */
  readonly ids: string;
  readonly logProbs: string;
  /** Probability outside the top, 64-bit floats. */
  readonly tails: string;
  readonly nll: string;
}

export interface ScoreListener {
  onOpened(opening: ScoreOpening): void;
  /** `candidate` counts as in the task. */
  onWindow(candidate: number, score: WindowScore): void;
  onTop?(top: WindowTop): void;
}

export interface Scorer {
  /**
   * Resolves when every window is told. Whatever was told before a failure stays valid. An abort rejects at once; the
   * child ends behind it.
   * @throws AppError `engine.crashed`, `engine.load-failed`, `engine.version-mismatch`, `quality.vocabulary-mismatch`,
   *   `quality.text-too-short`, `quality.not-finite`, `quality.bad-pack`, `app.cancelled`
   */
  score(task: ScoreTask, listener: ScoreListener, signal: AbortSignal): Promise<void>;
}

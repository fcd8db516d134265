import type { Llama, LlamaContext, LlamaModel } from 'node-llama-cpp';

/**
 * node-llama-cpp's internal addon objects, as 3.22.1 has them (`@internal`, so without public types). Everything here
 * is checked at start by `findInternals`; on any other version the public fallback runs instead.
 */

export interface AddonSampler {
  /** Every key that is missing switches that part off. Call once per request, never per token. */
  applyConfig(config: {
    temperature?: number;
    topK?: number;
    topP?: number;
    minP?: number;
    seed?: number;
    repeatPenalty?: number;
    repeatPenaltyMaxTokens?: number;
    repeatPenaltyTokens?: Uint32Array;
    repeatPenaltyPresencePenalty?: number;
    repeatPenaltyFrequencyPenalty?: number;
    grammarEvaluationState?: AddonGrammarState;
    tokenBiasKeys?: Uint32Array;
    tokenBiasValues?: Float32Array;
  }): void;
  dispose(): void;
}

/** Opaque to us. */
export type AddonGrammar = object;
/** Opaque to us. */
export type AddonGrammarState = object;

/** A LoRA adapter in memory. Opaque to us. */
export type AddonAdapter = object;

type LogitsFilter = readonly [
  tokens: readonly number[],
  includeMax: boolean,
  includeMin: boolean,
  includeSelected: boolean,
  includeTop: number,
];

export interface AddonContext {
  /** Frees the old batch; the only way to empty it. Never while a decode is pending. */
  initBatch(size: number): void;
  /** Logit indexes ascend; the result are their indexes in the batch. */
  addToBatch(sequence: number, position: number, tokens: Uint32Array, logitIndexes: Uint32Array): Uint32Array;
  decodeBatch(): Promise<void>;
  sampleToken(batchIndex: number, sampler: AddonSampler): Promise<number>;
  sampleToken(
    batchIndex: number,
    sampler: AddonSampler,
    probabilities: boolean,
    confidence: boolean,
    logits: boolean | LogitsFilter,
    totalLogitWeight: boolean,
  ): Promise<
    readonly [
      token: number,
      probabilities: unknown,
      confidence: unknown,
      /** Flat pairs: token, logit, token, logit… */
      logits: readonly number[] | undefined,
      totalLogitWeight: number | undefined,
    ]
  >;
  disposeSequence(sequence: number): void;
  removeTokenCellsFromSequence(sequence: number, start: number, end: number): boolean;
  getSequenceKvCacheMaxPosition(sequence: number): number;
  copySequenceStateFromOtherSequence(target: number, source: number): Promise<number>;
  /** Gives the file's size. */
  saveSequenceStateToFile(path: string, sequence: number, tokens: Uint32Array): Promise<number>;
  /** Ends the process on a truncated file. */
  loadSequenceStateFromFile(path: string, sequence: number, mostTokens: number): Promise<Uint32Array>;
  setThreads(threads: number): void;
  /** Of the decodes that follow; a scale of 0 is off. Never while a decode is pending. */
  setLoras(adapters: readonly AddonAdapter[], scales: readonly number[]): void;
  getEmbedding(inputTokens: number): Float64Array;
}

/** The tokenizer's part of the addon's model; `public-tokenizer.ts` has the same on the public API. */
export interface TokenizerSource {
  tokenize(text: string, parseSpecial: boolean): Uint32Array;
  detokenize(tokens: Uint32Array, isSpecialShown?: boolean): string;
  getTokenString(token: number): string;
  getTokenAttributes(token: number): number;
  isEogToken(token: number): boolean;
  shouldPrependBosToken(): boolean;
  tokenBos(): number;
  tokenEos(): number;
  getVocabularyType(): number;
}

export interface AddonModel extends TokenizerSource {
  /** Reads the adapter's file. Before a context is made: llama.cpp counts the adapters' part of the graph then. */
  loadLora(adapter: AddonAdapter): Promise<void>;
}

/** A model as its loader simulates it: laid out as a real load would, without its bytes. */
export interface AddonModelSimulation {
  init(): Promise<boolean>;
  getMemoryBreakdown(): { readonly cpuRam: number; readonly gpuVram: number };
  dispose(): Promise<void>;
}

export interface AddonBindings {
  readonly AddonModel: new (
    path: string,
    options: { gpuLayers: number; useMmap: boolean; useMlock: false; noAlloc: true },
  ) => AddonModelSimulation;
  readonly AddonModelLora: new (model: AddonModel, path: string) => AddonAdapter;
  readonly AddonSampler: {
    new (model: AddonModel): AddonSampler;
    acceptGrammarEvaluationStateToken(state: AddonGrammarState, token: number): void;
    canBeNextTokenForGrammarEvaluationState(state: AddonGrammarState, token: number): boolean;
  };
  readonly AddonGrammar: new (
    gbnf: string,
    options: { addonExports: AddonBindings; rootRuleName: string },
  ) => AddonGrammar;
  readonly AddonGrammarEvaluationState: {
    new (model: AddonModel, grammar: AddonGrammar): AddonGrammarState;
    /** A copy that goes on by itself. */
    new (state: AddonGrammarState): AddonGrammarState;
  };
}

const hasMethods = (value: unknown, names: readonly string[]): boolean => {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return names.every((name) => typeof Reflect.get(value, name) === 'function');
};

const contextMethods = [
  'initBatch',
  'addToBatch',
  'decodeBatch',
  'sampleToken',
  'disposeSequence',
  'removeTokenCellsFromSequence',
  'getSequenceKvCacheMaxPosition',
  'copySequenceStateFromOtherSequence',
  'saveSequenceStateToFile',
  'loadSequenceStateFromFile',
  'setThreads',
  'setLoras',
  'getEmbedding',
] as const satisfies readonly (keyof AddonContext)[];

const modelMethods = [
  'loadLora',
  'tokenize',
  'detokenize',
  'getTokenString',
  'getTokenAttributes',
  'isEogToken',
  'shouldPrependBosToken',
  'tokenBos',
  'tokenEos',
  'getVocabularyType',
] as const satisfies readonly (keyof AddonModel)[];

const isAddonContext = (value: unknown): value is AddonContext => hasMethods(value, contextMethods);
const isAddonModel = (value: unknown): value is AddonModel => hasMethods(value, modelMethods);
const isBindings = (value: unknown): value is AddonBindings =>
  hasMethods(value, [
    'AddonModel',
    'AddonModelLora',
    'AddonSampler',
    'AddonGrammar',
    'AddonGrammarEvaluationState',
  ]);

/** The addon's context of a library context; `undefined` when the library hides or changed it. */
export const findAddonContext = (context: LlamaContext): AddonContext | undefined => {
  const found: unknown = Reflect.get(context, '_ctx');
  return isAddonContext(found) ? found : undefined;
};

/** The addon's model; `undefined` when the library hides or changed it. */
export const findAddonModel = (model: LlamaModel): AddonModel | undefined => {
  const found: unknown = Reflect.get(model, '_model');
  return isAddonModel(found) ? found : undefined;
};

/** The addon's classes; `undefined` when the library hides or changed them. */
export const findBindings = (llama: Llama): AddonBindings | undefined => {
  const found: unknown = Reflect.get(llama, '_bindings');
  return isBindings(found) ? found : undefined;
};

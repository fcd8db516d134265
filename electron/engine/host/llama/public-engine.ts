import { TokenBias } from 'node-llama-cpp';
import type {
  ControlledEvaluateInputItem,
  LlamaContext,
  LlamaContextSequence,
  LlamaModel,
  Token,
} from 'node-llama-cpp';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { BatchEngine, Sampled, SamplerSpec, StepItem } from '../batch-engine.ts';

interface PublicEngineParts {
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly slots: number;
  readonly contextSize: number;
  readonly batchSize: number;
  readonly reuse: BatchEngine['reuse'];
}

interface SequenceState {
  readonly sequence: LlamaContextSequence;
  spec: SamplerSpec | undefined;
  /** Prompt end and answer so far: the public API wants the penalties' history at every call. */
  history: number[];
}

// eslint-disable-next-line no-restricted-syntax -- the library brands token numbers; this is the border
const asToken = (token: number): Token => token as Token;

const unsupported = (what: string): AppError =>
  new AppError('engine.unsupported', `${what} needs the node-llama-cpp version Dyno was tested with.`, {
    hint: 'Run npm ci to install the exact versions.',
  });

const biasOf = (
  model: LlamaModel,
  logitBias: SamplerSpec['sampling']['logitBias'],
): TokenBias | undefined => {
  const entries = Object.entries(logitBias);
  if (entries.length === 0) return undefined;
  const bias = TokenBias.for(model);
  for (const [token, logit] of entries) bias.set(asToken(Number(token)), logit <= -100 ? 'never' : { logit });
  return bias;
};

/**
 * The fallback for a node-llama-cpp whose internals are not those we tested: all sequences of a step are started
 * together with `controlledEvaluate`, which fills the batch where parallel `evaluate` loops leave it one short
 * (docs/performance.md). Slower, since it makes a sampler per call, and without grammars, log-probabilities and typical sampling.
 */
export const createPublicEngine = ({ model, context, ...shape }: PublicEngineParts): BatchEngine => {
  const states: readonly SequenceState[] = Array.from({ length: shape.slots }, () => ({
    sequence: context.getSequence({ contextShift: { size: 1 } }),
    spec: undefined,
    history: [],
  }));
  const stateOf = (sequence: number): SequenceState => {
    const state = states[sequence];
    if (state === undefined) throw new AppError('app.internal', `There is no sequence ${sequence}.`);
    return state;
  };

  const inputOf = (
    { tokens, want, position }: StepItem,
    state: SequenceState,
  ): ControlledEvaluateInputItem[] => {
    const input: ControlledEvaluateInputItem[] = Array.from(tokens, asToken);
    const last = tokens.at(-1);
    if (want !== 'token' || last === undefined || state.spec === undefined) return input;
    const { temperature, topK, topP, minP, seed, logitBias, ...penalties } = state.spec.sampling;
    const tokenBias = biasOf(model, logitBias);
    const punished = state.history.slice(-penalties.repeatLastN).map(asToken);
    const options = {
      temperature,
      topK,
      topP,
      minP,
      // a sampler per call would draw the same number every time: the position moves the seed
      seed: (seed + position + tokens.length) >>> 0,
      ...(penalties.repeatLastN > 0 && {
        repeatPenalty: {
          punishTokens: punished,
          lastTokens: penalties.repeatLastN,
          penalty: penalties.repeatPenalty,
          frequencyPenalty: penalties.frequencyPenalty,
          presencePenalty: penalties.presencePenalty,
        },
      }),
      ...(tokenBias && { tokenBias }),
    };
    input[input.length - 1] = [asToken(last), { generateNext: { token: true, options } }];
    return input;
  };

  const evaluate = async (item: StepItem): Promise<Sampled | undefined> => {
    const state = stateOf(item.sequence);
    const outputs = await state.sequence.controlledEvaluate(inputOf(item, state));
    if (item.want !== 'token') return undefined;
    const token = outputs.at(-1)?.next.token;
    if (token === null || token === undefined)
      throw new AppError('app.internal', 'The sampler found no token.');
    state.history.push(token);
    return { token };
  };

  const cut = async (sequence: number, length: number): Promise<boolean> => {
    const state = stateOf(sequence);
    if (length >= state.sequence.nextTokenIndex) return true;
    if (length > 0 && shape.reuse === 'any-prefix') {
      await state.sequence.eraseContextTokenRanges([{ start: length, end: state.sequence.nextTokenIndex }]);
      return true;
    }
    await state.sequence.clearHistory();
    return length === 0;
  };

  return {
    kind: 'public',
    canCopy: false,
    canSave: false,
    ...shape,
    setThreads: () => undefined, // fixed when the context is made: the public API has no way to change them
    useAdapters: () => false, // a load with adapters is refused before
    checkGrammar: () => {
      throw unsupported('A grammar');
    },
    configure: (sequence, spec) => {
      if (spec.grammar !== undefined) throw unsupported('A grammar');
      if (spec.topLogprobs !== undefined) throw unsupported('A log-probability');
      if (spec.sampling.typicalP < 1) throw unsupported('Typical sampling');
      const state = stateOf(sequence);
      state.spec = spec;
      state.history = [...spec.history];
    },
    setGrammar: (_sequence, gbnf) => gbnf === undefined,
    decode: (items) => Promise.all(items.map(evaluate)),
    truncate: cut,
    copy: () => Promise.reject(unsupported('Copying a sequence')),
    saveState: () => Promise.resolve(false),
    loadState: () => Promise.reject(unsupported('Reading a saved sequence')),
  };
};

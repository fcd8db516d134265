import { AppError } from '../../../../shared/errors/app-error.ts';
import type { BatchEngine, Sampled, SamplerSpec, StepItem } from '../batch-engine.ts';
import { noAdapters } from '../adapter-mix.ts';
import type {
  AddonAdapter,
  AddonBindings,
  AddonContext,
  AddonGrammar,
  AddonModel,
  AddonSampler,
} from './addon.ts';
import { forbidEnds } from './forbid-ends.ts';
import { compileGrammar, startGrammar } from './grammar.ts';
import { isPenalised, samplerConfig } from './sampler-config.ts';
import { createTypicalSampler, type TypicalSampler } from './typical-sampler.ts';

interface FastEngineParts {
  readonly addon: AddonContext;
  readonly model: AddonModel;
  readonly bindings: AddonBindings;
  /** By id. */
  readonly adapters: readonly AddonAdapter[];
  readonly vocabularySize: number;
  readonly slots: number;
  readonly contextSize: number;
  readonly batchSize: number;
  readonly reuse: BatchEngine['reuse'];
}

interface SequenceState {
  readonly sampler: AddonSampler;
  spec: SamplerSpec | undefined;
  /** The penalties' history; not kept without penalties. */
  recent: number[];
  /** There while the request asks for typical sampling, which the addon's samplers cannot do. */
  typical: TypicalSampler | undefined;
}

const noLogits = new Uint32Array(0);
/** Compiled grammars kept by text: a client sends the same schema again and again. */
const keptGrammars = 32;
/** OpenAI's stand-in for the logarithm of 0, which JSON cannot hold. */
const leastLogprob = -9999;

/**
 * The step loop's fast side: the addon's context, driven directly. Measured at N = 8 it equals llama.cpp's own
 * `llama-batched-bench`, and it costs 20-42 µs per token outside the decode.
 */
export const createFastEngine = ({
  addon,
  model,
  bindings,
  adapters,
  vocabularySize,
  ...shape
}: FastEngineParts): BatchEngine => {
  const { slots } = shape;
  const grammars = new Map<string, AddonGrammar>();
  // one sampler per sequence for its whole life: each holds 12 bytes per vocabulary entry that only the collector frees
  const sequences: readonly SequenceState[] = Array.from({ length: slots }, () => ({
    sampler: new bindings.AddonSampler(model),
    spec: undefined,
    recent: [],
    typical: undefined,
  }));
  // log-probabilities of the model itself need samplers without transforms
  const greedy = new bindings.AddonSampler(model);
  greedy.applyConfig({ temperature: 0, seed: 1 });
  const rankers = new Map<number, AddonSampler>();
  const lastOfPiece = new Uint32Array(1);
  // a copied sequence gets its buffers at the next decode: a state written or read before that would be overwritten
  let isCopyPending = false;
  let mix = noAdapters;

  /**
   * One for each number of alternatives, never configured again: several sequences ask at once, and a sampler that is
   * changed while another thread runs it would cut their lists, or worse.
   */
  const rankerOf = (top: number): AddonSampler => {
    const known = rankers.get(top);
    if (known !== undefined) return known;
    const ranker = new bindings.AddonSampler(model);
    // top-k cuts the list by a partial sort, so this stays cheap at 152k entries
    ranker.applyConfig({ temperature: 1, topK: top, seed: 1 });
    rankers.set(top, ranker);
    return ranker;
  };

  const unending = forbidEnds(model, vocabularySize);

  const stateOf = (sequence: number): SequenceState => {
    const state = sequences[sequence];
    if (state === undefined) throw new AppError('app.internal', `There is no sequence ${sequence}.`);
    return state;
  };

  const grammarOf = (gbnf: string): AddonGrammar => {
    const known = grammars.get(gbnf);
    if (known !== undefined) return known;
    const compiled = compileGrammar(bindings, gbnf);
    const oldest = grammars.keys().next().value;
    if (grammars.size >= keptGrammars && oldest !== undefined) grammars.delete(oldest);
    grammars.set(gbnf, compiled);
    return compiled;
  };

  const apply = ({ sampler, recent }: SequenceState, spec: SamplerSpec, grammarState?: object): void => {
    sampler.applyConfig({
      ...samplerConfig({ sampling: spec.sampling, history: recent }),
      ...(grammarState !== undefined && { grammarEvaluationState: grammarState }),
    });
  };

  /** Exact: logit − max − ln Σ exp(logit − max); no sort of the vocabulary. */
  const withLogprobs = async (batchIndex: number, token: number, top: number): Promise<Sampled> => {
    const [, , , logits = [], weight = 1] = await addon.sampleToken(
      batchIndex,
      greedy,
      false,
      false,
      [[token], false, false, true, 0],
      true,
    );
    const pairs = logits
      .filter((_, index) => index % 2 === 0)
      .map((id, index) => [id, logits[index * 2 + 1]] as const);
    const maxLogit = Math.max(...pairs.map(([, logit]) => logit ?? -Infinity));
    const logprobOf = (logit: number | undefined): number =>
      logit === undefined ? leastLogprob : Math.max(leastLogprob, logit - maxLogit - Math.log(weight));
    const logprob = logprobOf(pairs.find(([id]) => id === token)?.[1]);
    if (top === 0) return { token, logprob, top: [] };
    const [, , , ranked = []] = await addon.sampleToken(batchIndex, rankerOf(top), false, false, true, false);
    const best: { token: number; logprob: number }[] = [];
    for (let index = 0; index + 1 < ranked.length && best.length < top; index += 2)
      best.push({ token: ranked[index] ?? 0, logprob: logprobOf(ranked[index + 1]) });
    return { token, logprob, top: best.sort((a, b) => b.logprob - a.logprob) };
  };

  const sample = async (item: StepItem, batchIndex: number | undefined): Promise<Sampled | undefined> => {
    if (item.want !== 'token' || batchIndex === undefined) return undefined;
    const { sampler, spec, recent, typical } = stateOf(item.sequence);
    const token = await (typical?.next(batchIndex) ?? addon.sampleToken(batchIndex, sampler));
    if (token < 0)
      throw new AppError('app.internal', 'The sampler found no token: the logits are not finite.');
    if (spec !== undefined && isPenalised(spec.sampling)) recent.push(token);
    return spec?.topLogprobs === undefined ? { token } : withLogprobs(batchIndex, token, spec.topLogprobs);
  };

  return {
    kind: 'fast',
    canCopy: shape.reuse === 'any-prefix',
    canSave: shape.reuse === 'any-prefix',
    ...shape,
    setThreads: (threads) => addon.setThreads(threads),
    useAdapters: (wanted) => {
      if (wanted.key === mix.key) return false;
      mix = wanted;
      addon.setLoras(
        adapters,
        adapters.map((_, id) => wanted.scales[id] ?? 0),
      );
      return true;
    },
    checkGrammar: (gbnf) => void grammarOf(gbnf),
    configure: (sequence, given) => {
      const state = stateOf(sequence);
      const spec = given.awaitsGrammar === true ? { ...given, sampling: unending(given.sampling) } : given;
      state.spec = given;
      state.recent = [...spec.history];
      // the generator restarts only when the seed changes: without this a repeated seed would go on where it stopped
      state.sampler.applyConfig({ temperature: 1, seed: (spec.sampling.seed ^ 1) >>> 0 });
      const grammar = spec.grammar === undefined ? undefined : grammarOf(spec.grammar);
      const grammarState = grammar && startGrammar(bindings, model, grammar, []);
      const { sampler } = state;
      state.typical =
        spec.sampling.typicalP < 1
          ? createTypicalSampler({
              addon,
              bindings,
              model,
              sampler,
              spec,
              vocabularySize,
              grammar: grammarState,
            })
          : undefined;
      apply(state, spec, grammarState);
    },
    setGrammar: (sequence, gbnf, accepted) => {
      const state = stateOf(sequence);
      if (state.spec === undefined)
        throw new AppError('app.internal', `Sequence ${sequence} is not configured.`);
      const grammarState =
        gbnf === undefined ? undefined : startGrammar(bindings, model, grammarOf(gbnf), accepted);
      if (state.typical === undefined) apply(state, state.spec, grammarState);
      else state.typical.setGrammar(grammarState, state.spec.sampling);
      return gbnf === undefined || grammarState !== undefined;
    },
    decode: async (items, onDecoded) => {
      addon.initBatch(items.reduce((sum, { tokens }) => sum + tokens.length, 0));
      const indexes = items.map(({ sequence, position, tokens, want }) => {
        lastOfPiece[0] = tokens.length - 1;
        return addon.addToBatch(sequence, position, tokens, want === 'nothing' ? noLogits : lastOfPiece)[0];
      });
      await addon.decodeBatch();
      isCopyPending = false;
      onDecoded?.();
      return Promise.all(items.map((item, index) => sample(item, indexes[index])));
    },
    truncate: (sequence, length) => {
      if (length > 0 && addon.removeTokenCellsFromSequence(sequence, length, -1)) return true;
      addon.disposeSequence(sequence);
      return length === 0;
    },
    copy: async (target, source) => {
      isCopyPending = true;
      await addon.copySequenceStateFromOtherSequence(target, source);
    },
    saveState: async (sequence, path, tokens) => {
      if (isCopyPending) return false;
      await addon.saveSequenceStateToFile(path, sequence, Uint32Array.from(tokens));
      return true;
    },
    loadState: async (sequence, path) =>
      isCopyPending
        ? undefined
        : [...(await addon.loadSequenceStateFromFile(path, sequence, shape.contextSize))],
  };
};

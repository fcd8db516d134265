import { AppError } from '../../../../shared/errors/app-error.ts';
import type { Sampling } from '../../engine.ts';
import type { SamplerSpec } from '../batch-engine.ts';
import { drawFrom, keptWindow } from '../sampling/sampling-chain.ts';
import { headWindow, typicalWindow, type Window } from '../sampling/typical-window.ts';
import { seededNumbers } from '../seeded-numbers.ts';
import type { AddonBindings, AddonContext, AddonGrammarState, AddonModel, AddonSampler } from './addon.ts';
import { samplerConfig } from './sampler-config.ts';

interface TypicalSamplerParts {
  readonly addon: AddonContext;
  readonly model: AddonModel;
  readonly bindings: AddonBindings;
  /** The sequence's own; it ranks candidates here and its draws are thrown away. */
  readonly sampler: AddonSampler;
  readonly spec: SamplerSpec;
  readonly vocabularySize: number;
  readonly grammar: AddonGrammarState | undefined;
}

/** Picks the tokens of one request in this process, since the addon has no typical sampler. */
export interface TypicalSampler {
  /** The next token of the sequence whose logits lie at `batchIndex`. */
  next(batchIndex: number): Promise<number>;
  setGrammar(state: AddonGrammarState | undefined, sampling: Sampling): void;
}

interface Candidates {
  readonly tokens: Uint32Array;
  /** Largest first. */
  readonly logits: Float64Array;
}

/** Candidates, and which of them are typical. */
interface Typical extends Candidates {
  readonly window: Window;
}

/** Flat pairs of token and logit, largest first, without what a grammar or a bias forbids (those come last) and without what is no number. */
const readPairs = (pairs: readonly number[]): Candidates => {
  const tokens = new Uint32Array(pairs.length / 2);
  const logits = new Float64Array(tokens.length);
  let count = 0;
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const logit = pairs[at + 1] ?? -Infinity;
    if (!Number.isFinite(logit)) break;
    tokens[count] = pairs[at] ?? 0;
    logits[count] = logit;
    count += 1;
  }
  return { tokens: tokens.subarray(0, count), logits: logits.subarray(0, count) };
};

/** Of a large vocabulary the likeliest are asked for first: a model that knows what comes next needs no more of it. */
const headTokens = 1024;
/** A smaller vocabulary is as quickly asked for whole. */
const leastVocabulary = 8 * headTokens;
/** So many tokens in a row whose head did not decide, and it is left out for the others. */
const missesToRest = 4;
const restTokens = 60;

/**
 * llama.cpp's chain for one request: bias, penalties and top-k by the addon, then typical, top-p, min-p, temperature and the
 * draw here. A grammar is used as llama.cpp uses it: a draw it forbids is drawn again among what it allows.
 */
export const createTypicalSampler = (parts: TypicalSamplerParts): TypicalSampler => {
  const { addon, model, bindings, sampler, spec, vocabularySize } = parts;
  let { sampling } = spec;
  const uniform = seededNumbers(sampling.seed);
  let recent: readonly number[] = spec.history;
  let grammar = parts.grammar;
  let misses = 0;

  /** Anew each time: the sampler has taken its own draw for the history's newest token, and one of the grammar's. */
  const configure = (topK: number, state: AddonGrammarState | undefined): void => {
    // greedy ranks the whole vocabulary without a draw; only with a temperature the addon cuts to top-k
    const ranking = { ...sampling, topK, temperature: topK > 0 ? 1 : 0, topP: 1, minP: 0 };
    sampler.applyConfig({
      ...samplerConfig({ sampling: ranking, history: recent }),
      ...(state !== undefined && {
        grammarEvaluationState: new bindings.AddonGrammarEvaluationState(state),
      }),
    });
  };
  const rank = async (batchIndex: number, topK: number, state: AddonGrammarState | undefined) => {
    configure(topK, state);
    const [, , , pairs = []] = await addon.sampleToken(batchIndex, sampler, false, false, true, false);
    return readPairs(pairs);
  };
  /** Σ exp(logit − largest logit) over all candidates: no sort, and one number crosses. */
  const weigh = async (batchIndex: number, state: AddonGrammarState | undefined): Promise<number> => {
    configure(0, state);
    const found = await addon.sampleToken(
      batchIndex,
      sampler,
      false,
      false,
      [[], false, false, true, 0],
      true,
    );
    return found[4] ?? 0;
  };

  const wholeOf = ({ tokens, logits }: Candidates): Typical => ({
    tokens,
    logits,
    window: typicalWindow(logits, sampling.typicalP),
  });
  const typicalOf = async (batchIndex: number, state: AddonGrammarState | undefined): Promise<Typical> => {
    const isResting = misses >= missesToRest;
    if (isResting) misses = misses >= missesToRest + restTokens ? 0 : misses + 1;
    if (sampling.topK > 0 || vocabularySize < leastVocabulary || isResting)
      return wholeOf(await rank(batchIndex, sampling.topK, state));
    const head = await rank(batchIndex, headTokens, state);
    if (head.tokens.length < headTokens) return wholeOf(head); // a grammar allows no more
    const rest = { weight: await weigh(batchIndex, state), count: vocabularySize - headTokens };
    const window = headWindow(head.logits, rest, sampling.typicalP);
    misses = window === undefined ? misses + 1 : 0;
    return window === undefined ? wholeOf(await rank(batchIndex, 0, state)) : { ...head, window };
  };

  const draw = ({ tokens, logits, window }: Typical): number => {
    const kept = keptWindow(logits, window, sampling);
    const token = tokens[drawFrom(logits, kept, sampling.temperature, uniform() / 2 ** 32)];
    if (token === undefined)
      throw new AppError('app.internal', 'The sampler found no token: the logits are not finite.');
    return token;
  };

  const isAllowed = (token: number): boolean =>
    grammar === undefined || bindings.AddonSampler.canBeNextTokenForGrammarEvaluationState(grammar, token);

  const pick = async (batchIndex: number): Promise<number> => {
    const first = draw(await typicalOf(batchIndex, undefined));
    return isAllowed(first) ? first : draw(await typicalOf(batchIndex, grammar));
  };

  return {
    next: async (batchIndex) => {
      const token = await pick(batchIndex);
      recent = [...recent, token].slice(-Math.max(1, sampling.repeatLastN));
      if (grammar !== undefined && !model.isEogToken(token))
        bindings.AddonSampler.acceptGrammarEvaluationStateToken(grammar, token);
      return token;
    },
    setGrammar: (state, next) => {
      grammar = state;
      sampling = next;
    },
  };
};

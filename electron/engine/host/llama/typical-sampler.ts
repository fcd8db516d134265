import { AppError } from '../../../../shared/errors/app-error.ts';
import type { SamplerSpec } from '../batch-engine.ts';
import { drawFrom, keptWindow } from '../sampling/sampling-chain.ts';
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
  readonly grammar: AddonGrammarState | undefined;
}

/** Picks the tokens of one request in this process, since the addon has no typical sampler. */
export interface TypicalSampler {
  /** The next token of the sequence whose logits lie at `batchIndex`. */
  next(batchIndex: number): Promise<number>;
  setGrammar(state: AddonGrammarState | undefined): void;
}

interface Candidates {
  readonly tokens: Uint32Array;
  /** Largest first. */
  readonly logits: Float64Array;
}

/** Flat pairs of token and logit, largest first, without what a grammar or a bias forbids: those come last. */
const readPairs = (pairs: readonly number[]): Candidates => {
  const tokens = new Uint32Array(pairs.length / 2);
  const logits = new Float64Array(tokens.length);
  let count = 0;
  for (let at = 0; at + 1 < pairs.length; at += 2) {
    const logit = pairs[at + 1] ?? -Infinity;
    if (logit === -Infinity) break;
    tokens[count] = pairs[at] ?? 0;
    logits[count] = logit;
    count += 1;
  }
  return { tokens: tokens.subarray(0, count), logits: logits.subarray(0, count) };
};

/**
 * llama.cpp's chain for one request: bias, penalties and top-k by the addon, then typical, top-p, min-p, temperature and the
 * draw here. A grammar is used as llama.cpp uses it: a draw it forbids is drawn again among what it allows.
 */
export const createTypicalSampler = (parts: TypicalSamplerParts): TypicalSampler => {
  const { addon, model, bindings, sampler, spec } = parts;
  const { sampling } = spec;
  const uniform = seededNumbers(sampling.seed);
  // greedy ranks the whole vocabulary without a draw; only with a temperature the addon cuts to top-k
  const ranking = { ...sampling, temperature: sampling.topK > 0 ? 1 : 0, topP: 1, minP: 0 };
  let recent: readonly number[] = spec.history;
  let grammar = parts.grammar;

  const candidatesOf = async (batchIndex: number, state: AddonGrammarState | undefined) => {
    // anew each time: the sampler has taken its own draw for the history's newest token
    sampler.applyConfig({
      ...samplerConfig({ sampling: ranking, history: recent }),
      ...(state !== undefined && { grammarEvaluationState: state }),
    });
    const [, , , pairs = []] = await addon.sampleToken(batchIndex, sampler, false, false, true, false);
    return readPairs(pairs);
  };

  const draw = ({ tokens, logits }: Candidates): number => {
    const index = drawFrom(logits, keptWindow(logits, sampling), sampling.temperature, uniform() / 2 ** 32);
    const token = tokens[index];
    if (token === undefined)
      throw new AppError('app.internal', 'The sampler found no token: the logits are not finite.');
    return token;
  };

  const isAllowed = (token: number): boolean =>
    grammar === undefined || bindings.AddonSampler.canBeNextTokenForGrammarEvaluationState(grammar, token);

  const pick = async (batchIndex: number): Promise<number> => {
    const first = draw(await candidatesOf(batchIndex, undefined));
    if (grammar === undefined || isAllowed(first)) return first;
    // a copy: the addon takes its own draw as an answer of the grammar, too
    return draw(await candidatesOf(batchIndex, new bindings.AddonGrammarEvaluationState(grammar)));
  };

  return {
    next: async (batchIndex) => {
      const token = await pick(batchIndex);
      recent = [...recent, token].slice(-Math.max(1, sampling.repeatLastN));
      if (grammar !== undefined && !model.isEogToken(token))
        bindings.AddonSampler.acceptGrammarEvaluationStateToken(grammar, token);
      return token;
    },
    setGrammar: (state) => {
      grammar = state;
    },
  };
};

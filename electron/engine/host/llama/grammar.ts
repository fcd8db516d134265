import { AppError } from '../../../../shared/errors/app-error.ts';
import type { AddonBindings, AddonGrammar, AddonGrammarState, AddonModel } from './addon.ts';

/** @throws AppError `engine.bad-grammar` */
export const compileGrammar = (bindings: AddonBindings, gbnf: string): AddonGrammar => {
  try {
    return new bindings.AddonGrammar(gbnf, { addonExports: bindings, rootRuleName: 'root' });
  } catch (cause) {
    throw new AppError('engine.bad-grammar', 'llama.cpp cannot parse the grammar.', {
      hint: 'Check the GBNF: a root rule, no left recursion, every rule defined.',
      cause,
    });
  }
};

/** A fresh state of `grammar` after `accepted` tokens; `undefined` when the grammar does not allow them. */
export const startGrammar = (
  bindings: AddonBindings,
  model: AddonModel,
  grammar: AddonGrammar,
  accepted: readonly number[],
): AddonGrammarState | undefined => {
  const state = new bindings.AddonGrammarEvaluationState(model, grammar);
  for (const token of accepted) {
    if (!bindings.AddonSampler.canBeNextTokenForGrammarEvaluationState(state, token)) return undefined;
    bindings.AddonSampler.acceptGrammarEvaluationStateToken(state, token);
  }
  return state;
};

import { AppError } from '../../../../shared/errors/app-error.ts';
import type { AddonBindings, AddonGrammar, AddonGrammarState, AddonModel } from './addon.ts';

/** Literals, character classes and remarks: what stands in them repeats nothing. */
const quoted = /"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]|#[^\n]*/gu;

/** llama.cpp counts the difference without a sign: at `{5,2}` it would work for minutes and take all memory. */
const checkRepetitions = (gbnf: string): void => {
  for (const [text, min, max] of gbnf.replaceAll(quoted, '').matchAll(/\{\s*(\d+)\s*,\s*(\d+)\s*\}/gu)) {
    if (Number(max) >= Number(min)) continue;
    throw new AppError('engine.bad-grammar', `The repetition ${text} ends below its beginning.`, {
      hint: 'Write the smaller number first.',
    });
  }
};

/** @throws AppError `engine.bad-grammar` */
export const compileGrammar = (bindings: AddonBindings, gbnf: string): AddonGrammar => {
  checkRepetitions(gbnf);
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

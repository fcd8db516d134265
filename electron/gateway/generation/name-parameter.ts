import { AppError } from '../../../shared/errors/app-error.ts';
import type { GenerationCall } from '../call.ts';

/**
 * A refused grammar or schema under the name that the request's dialect has for it: the engine knows OpenAI's names
 * only, and of a GBNF that llama.cpp cannot read none at all.
 */
export const nameParameter = (error: AppError, { choices, format }: GenerationCall): AppError => {
  if (error.code !== 'engine.bad-grammar') return error;
  const given = error.details?.['param'];
  const own = choices[0]?.request.grammar?.type === 'gbnf' ? 'grammar' : 'response_format';
  const param = typeof given === 'string' ? given : own;
  return new AppError(error.code, error.message, {
    hint: error.hint,
    details: { ...error.details, param: format.parameterNames?.[param] ?? param },
    cause: error,
  });
};

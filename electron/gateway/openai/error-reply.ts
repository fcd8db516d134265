import type { AppError } from '../../../shared/errors/app-error.ts';
import { errorRow } from '../../../shared/errors/table.ts';
import { toldFacts, toldMessage } from '../error-head.ts';
import { toldError } from '../told-error.ts';
import type { ErrorReply } from './reply-schemas.ts';

/** The error in OpenAI's form. */
export const toErrorReply = (error: AppError): ErrorReply => {
  const said = toldError(error);
  const { type, code } = errorRow(said.code).openai;
  const param = said.details?.['param'];
  return {
    error: {
      message: toldMessage(said),
      type,
      param: typeof param === 'string' && param !== '' ? param : null,
      code,
      ...toldFacts(said),
    },
  };
};

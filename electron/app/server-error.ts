import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';
import { errorTable, isErrorCode } from '../../shared/errors/table.ts';

/** The error object of the OpenAI dialect, as far as the playground needs it. */
export const serverErrorSchema = z.object({
  message: z.string(),
  type: z.string().nullish(),
  code: z.string().nullish(),
});

/**
 * What the server answered as the row of the error table it came from: the one with that type and code, and with that
 * HTTP status where it is known. Rows of the server itself go before others that share a code.
 */
export const readServerError = (
  { message, type, code }: z.infer<typeof serverErrorSchema>,
  status?: number,
): AppError => {
  const candidates = Object.entries(errorTable)
    .filter(
      ([, { openai, http }]) => openai.code === code && openai.type === type && http === (status ?? http),
    )
    .map(([name]) => name)
    .filter(isErrorCode);
  const found = candidates.find((name) => name.startsWith('gateway.')) ?? candidates[0];
  return new AppError(found ?? 'app.internal', message);
};

import { AppError } from '../../../../shared/errors/app-error.ts';

export type Schema = Readonly<Record<string, unknown>>;

export const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws AppError `engine.bad-grammar`, always: a schema is held to the letter or not taken */
export const refuse = (message: string, keyword: string): never => {
  throw new AppError('engine.bad-grammar', message, {
    hint: 'Leave the keyword out and check the answer yourself.',
    details: { keyword, param: 'response_format' },
  });
};

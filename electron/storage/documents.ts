import type { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';

type Row = Readonly<Record<string, unknown>>;

/** A text column of a row; the schema is STRICT, so another type means a damaged file. */
export const textOf = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new AppError('storage.corrupt', `Column ${column} holds no text`);
};

/** Reads a stored document and parses it; one that no longer fits its schema is `storage.corrupt`. */
export const readDocument = <Schema extends z.ZodType>(
  schema: Schema,
  row: Row,
  column = 'body',
): z.output<Schema> => {
  const result = schema.safeParse(readJson(textOf(row, column)));
  if (result.success) return result.data;
  throw new AppError('storage.corrupt', 'A stored document does not have the form this version reads', {
    cause: result.error,
  });
};

/** Stored JSON; text that is none is `storage.corrupt`. */
export const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('storage.corrupt', 'A stored document is no JSON', { cause });
  }
};

import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';

/** What oRPC says of an input that its schema refused: zod's issues. */
const refusalSchema = z.object({
  issues: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).default([]),
        /** Members an object does not know; the path is the object's. */
        keys: z.array(z.string()).optional(),
      }),
    )
    .min(1),
});

/** A refused input as `app.bad-input` that names each field: "repetitions: Too small: expected number to be >=1"; an unknown one too. */
export const readIssues = (data: unknown): AppError | undefined => {
  const refusal = refusalSchema.safeParse(data);
  if (!refusal.success) return undefined;
  const issues = refusal.data.issues.flatMap(({ path, keys, message }) => {
    const paths = keys === undefined ? [path] : keys.map((key) => [...path, key]);
    return paths.map((each) => ({ field: each.join('.'), message }));
  });
  const sentences = issues.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  return new AppError('app.bad-input', sentences.join('; '), { details: { issues } });
};

import { z } from 'zod';
import { AppError } from '../../shared/errors/app-error.ts';

/** What oRPC says of an input that its schema refused: zod's issues. */
const refusalSchema = z.object({
  issues: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).default([]),
      }),
    )
    .min(1),
});

/** A refused input as `app.bad-input` that names each field: "repetitions: Too small: expected number to be >=1". */
export const readIssues = (data: unknown): AppError | undefined => {
  const refusal = refusalSchema.safeParse(data);
  if (!refusal.success) return undefined;
  const issues = refusal.data.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  const sentences = issues.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`));
  return new AppError('app.bad-input', sentences.join('; '), { details: { issues } });
};

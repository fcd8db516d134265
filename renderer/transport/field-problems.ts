import { z } from 'zod';

/** What the host says of an input it refused: each field by its path. */
const refusalSchema = z.object({
  data: z.object({
    details: z.object({ issues: z.array(z.object({ field: z.string(), message: z.string() })) }),
  }),
});

/** What is wrong with each field of a refused input, by its path: `limits.concurrency`. Empty for any other failure. */
export const fieldProblems = (error: unknown): Readonly<Record<string, string>> => {
  const refusal = refusalSchema.safeParse(error);
  if (!refusal.success) return {};
  return Object.fromEntries(refusal.data.data.details.issues.map(({ field, message }) => [field, message]));
};

/** The same of an input that its own schema refused before it was sent. */
export const issueProblems = (error: z.ZodError): Readonly<Record<string, string>> =>
  Object.fromEntries(error.issues.map(({ path, message }) => [path.join('.'), message]));

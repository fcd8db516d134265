import { z } from 'zod';
import { failedWith } from './target.ts';

/** What a check needs of a reply; servers may say more. */

const usage = z.object({
  prompt_tokens: z.number().int().positive(),
  completion_tokens: z.number().int().positive(),
  total_tokens: z.number().int().positive(),
});

const toolCall = z.object({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});

export const chatSchema = z.object({
  id: z.string().min(1),
  object: z.literal('chat.completion'),
  created: z.number().int(),
  model: z.string(),
  choices: z
    .array(
      z.object({
        index: z.number().int(),
        message: z.object({
          role: z.literal('assistant'),
          content: z.string().nullish(),
          tool_calls: z.array(toolCall).nullish(),
        }),
        logprobs: z
          .object({
            content: z.array(
              z.object({
                token: z.string(),
                logprob: z.number(),
                top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number() })),
              }),
            ),
          })
          .nullish(),
        finish_reason: z.string(),
      }),
    )
    .min(1),
  usage,
});
export type Chat = z.infer<typeof chatSchema>;

export const chunkSchema = z.object({
  object: z.literal('chat.completion.chunk'),
  choices: z.array(
    z.object({
      delta: z.object({
        role: z.string().optional(),
        content: z.string().nullish(),
        tool_calls: z
          .array(
            z.object({
              index: z.number().int(),
              id: z.string().nullish(),
              function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }),
            }),
          )
          .nullish(),
      }),
      finish_reason: z.string().nullish(),
    }),
  ),
  usage: usage.nullish(),
});

export const errorSchema = z.object({
  error: z.object({ message: z.string().min(1), type: z.string(), code: z.union([z.string(), z.null()]) }),
});

/** The value in that form. @throws AppError `bench.target-failed` with the first thing that is not */
export const read = <Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map(String).join('.');
  throw failedWith(`${path === '' ? 'the reply' : path}: ${issue?.message ?? 'not as expected'}`);
};

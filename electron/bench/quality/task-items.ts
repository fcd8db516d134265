import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';

const messageSchema = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });

const toolSchema = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string(),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
  }),
});

/** One line of a task file; the format is docs/quality.md's. */
const taskItemSchema = z.object({
  /** Group the item is counted in. */
  task: z.string().default('task'),
  messages: z.array(messageSchema).min(1),
  /** The whole answer, spaces around it aside; or the one tool call that is right. */
  answer: z.union([z.string(), z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })]),
  tools: z.array(toolSchema).default([]),
  maxTokens: z.number().int().positive().default(128),
});
export type TaskItem = z.infer<typeof taskItemSchema>;

const parseLine = (line: string, number: number): TaskItem => {
  const refuse = (why: string, cause: unknown): never => {
    throw new AppError('quality.bad-tasks', `Line ${number} of the task file: ${why}`, {
      hint: 'One JSON object per line with messages and answer; docs/quality.md has the format.',
      cause,
    });
  };
  let raw: unknown;
  try {
    raw = JSON.parse(line);
  } catch (cause) {
    return refuse('it is no JSON.', cause);
  }
  const parsed = taskItemSchema.safeParse(raw);
  return parsed.success ? parsed.data : refuse(z.prettifyError(parsed.error), parsed.error);
};

/**
 * The items of a JSONL; empty lines are skipped.
 * @throws AppError `quality.bad-tasks` with the line
 */
export const readTaskItems = (jsonl: string): readonly TaskItem[] => {
  const items = jsonl
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, number }) => parseLine(line, number));
  if (items.length > 0) return items;
  throw new AppError('quality.bad-tasks', 'The task file has no line.', {
    hint: 'One JSON object per line with messages and answer; docs/quality.md has the format.',
  });
};

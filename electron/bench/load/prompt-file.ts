import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';

/** A prompt of a user's file: what its user says, turn after turn; most have one. */
export interface FilePrompt {
  readonly turns: readonly string[];
}

const entrySchema = z.union([
  z.object({ prompt: z.string().min(1) }),
  z.object({ messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1) }),
  z.object({ conversations: z.array(z.object({ from: z.string(), value: z.string() })).min(1) }),
]);

const turnsOf = (entry: z.infer<typeof entrySchema>): readonly string[] => {
  if ('prompt' in entry) return [entry.prompt];
  if ('messages' in entry)
    return entry.messages.filter(({ role }) => role === 'user').map(({ content }) => content);
  return entry.conversations
    .filter(({ from }) => from === 'human' || from === 'user')
    .map(({ value }) => value);
};

const invalid = (message: string, cause?: unknown): AppError =>
  new AppError('bench.prompts-invalid', message, {
    hint: 'Each line holds {"prompt": "…"}, {"messages": [{"role": "user", "content": "…"}]}, or a ShareGPT conversation; a JSON array of them does as well.',
    cause,
  });

const parse = (text: string, where: string): unknown => {
  try {
    return JSON.parse(text.trim()); // a byte order mark is space to trim, and no JSON
  } catch (cause) {
    throw invalid(`${where} is no JSON.`, cause);
  }
};

/**
 * Prompts of a JSONL or ShareGPT-style file, in order. Conversations without a user's turn are left out.
 * @throws AppError `bench.prompts-invalid` naming the line
 */
export const readPrompts = (text: string): readonly FilePrompt[] => {
  const raw: readonly unknown[] = text.trimStart().startsWith('[')
    ? z.array(z.unknown()).parse(parse(text, 'The file'))
    : text
        .split(/\r?\n/)
        .flatMap((line, index) => (line.trim() === '' ? [] : [parse(line, `Line ${index + 1}`)]));
  const prompts = raw
    .map((entry, index) => {
      const parsed = entrySchema.safeParse(entry);
      if (!parsed.success) throw invalid(`Entry ${index + 1} is no prompt.`, parsed.error);
      return { turns: turnsOf(parsed.data) };
    })
    .filter(({ turns }) => turns.length > 0);
  if (prompts.length === 0) throw invalid('The file holds no prompts.');
  return prompts;
};

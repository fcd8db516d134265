import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { SharedPiece, TraceEntry } from '../profiles/trace-entry.ts';

/** Prompt tokens behind one hash of a Mooncake trace (its FAST '25 paper, and the trace's README). */
const mooncakeBlockTokens = 512;

const lineSchema = z.object({
  timestamp: z.number(),
  input_length: z.number().int().nonnegative(),
  output_length: z.number().int().nonnegative(),
  hash_ids: z.array(z.number()).optional(),
});
type TraceLine = z.infer<typeof lineSchema>;

/** A line of the file and its number, which counts from 1; empty ones are left out. */
interface NumberedLine {
  readonly text: string;
  readonly number: number;
}

const invalid = (message: string): AppError =>
  new AppError('bench.trace-invalid', message, {
    hint: 'A trace is a BurstGPT CSV (Timestamp, Model, Request tokens, Response tokens…), a Mooncake JSONL, or JSONL with timestamp in ms, input_length and output_length.',
  });

/** BurstGPT: seconds, and failed requests with an answer of 0 tokens, which are left out as its authors advise. */
const readCsv = (lines: readonly NumberedLine[], limit: number): readonly TraceEntry[] => {
  const columns = (lines[0]?.text ?? '').split(',').map((name) => name.trim().toLowerCase());
  const at = (name: string): number => {
    const position = columns.indexOf(name);
    if (position >= 0) return position;
    throw invalid(`The CSV has no column “${name}”.`);
  };
  const [timeAt, promptAt, answerAt] = [at('timestamp'), at('request tokens'), at('response tokens')];
  const entries: TraceEntry[] = [];
  for (const { text, number } of lines.slice(1)) {
    if (entries.length === limit) break;
    const cells = text.split(',');
    const [time, prompt, answer] = [timeAt, promptAt, answerAt].map((column) => Number(cells[column]));
    if (!Number.isFinite(time) || !Number.isFinite(prompt) || !Number.isFinite(answer)) {
      throw invalid(`Line ${number} of the CSV holds no numbers where it should.`);
    }
    if ((answer ?? 0) < 1 || (prompt ?? 0) < 1) continue;
    entries.push({ atMs: (time ?? 0) * 1000, promptTokens: prompt ?? 0, outputTokens: answer ?? 0 });
  }
  return entries;
};

const parseLine = ({ text, number }: NumberedLine): TraceLine => {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch (cause) {
    const error = invalid(`Line ${number} is not a request of a trace.`);
    throw new AppError(error.code, error.message, {
      ...(error.hint !== undefined && { hint: error.hint }),
      cause,
    });
  }
};

/**
 * The whole blocks each prompt shares with another one from its start on. Blocks are chained (a hash stands for all that
 * lies before it, too), so prompts form a tree: what is shared ends at the first block nobody else has. The tail of a
 * prompt, shorter than a block, counts as its own.
 */
const prefixesOf = (entries: readonly TraceLine[]): readonly (readonly SharedPiece[])[] => {
  const uses = new Map<number, number>();
  const blocksOf = ({ hash_ids: ids = [], input_length: tokens }: TraceLine): readonly number[] =>
    ids.slice(0, Math.floor(tokens / mooncakeBlockTokens));
  for (const id of entries.flatMap(blocksOf)) uses.set(id, (uses.get(id) ?? 0) + 1);
  return entries.map((entry) => {
    const blocks = blocksOf(entry);
    const own = blocks.findIndex((id) => uses.get(id) === 1);
    return blocks
      .slice(0, own === -1 ? blocks.length : own)
      .map((group) => ({ group, tokens: mooncakeBlockTokens }));
  });
};

/** Requests without a prompt or an answer failed when they were recorded, and are left out as in a CSV. */
const readJsonl = (lines: readonly NumberedLine[], limit: number): readonly TraceEntry[] => {
  const parsed: TraceLine[] = [];
  for (const line of lines) {
    if (parsed.length === limit) break;
    const entry = parseLine(line);
    if (entry.input_length > 0 && entry.output_length > 0) parsed.push(entry);
  }
  const prefixes = prefixesOf(parsed);
  return parsed.map((entry, index) => {
    const prefix = prefixes[index] ?? [];
    return {
      atMs: entry.timestamp,
      promptTokens: entry.input_length,
      outputTokens: entry.output_length,
      ...(prefix.length > 0 && { prefix }),
    };
  });
};

/**
 * Reads the first `limit` requests of a trace's file and puts them in order of arrival. CSV is told from JSONL by its
 * first character.
 * @throws AppError `bench.trace-invalid` naming the line
 */
export const readTrace = (text: string, limit: number): readonly TraceEntry[] => {
  const lines = text
    .split(/\r?\n/)
    .map((line, index) => ({ text: line.trim(), number: index + 1 })) // trims a byte order mark as well
    .filter((line) => line.text !== '');
  const entries = lines[0]?.text.startsWith('{') === true ? readJsonl(lines, limit) : readCsv(lines, limit);
  if (entries.length === 0) throw invalid('The trace holds no requests.');
  return entries.toSorted((a, b) => a.atMs - b.atMs);
};

import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { TraceEntry } from '../profiles/trace-entry.ts';

/** Prompt tokens behind one hash of a Mooncake trace (its FAST '25 paper, and the trace's README). */
const mooncakeBlockTokens = 512;

const lineSchema = z.object({
  timestamp: z.number(),
  input_length: z.number().int().positive(),
  output_length: z.number().int().positive(),
  hash_ids: z.array(z.number()).optional(),
});

const invalid = (message: string): AppError =>
  new AppError('bench.trace-invalid', message, {
    hint: 'A trace is a BurstGPT CSV (Timestamp, Model, Request tokens, Response tokens…), a Mooncake JSONL, or JSONL with timestamp in ms, input_length and output_length.',
  });

/** BurstGPT: seconds, and failed requests with an answer of 0 tokens, which are left out as its authors advise. */
const readCsv = (lines: readonly string[], limit: number): readonly TraceEntry[] => {
  const columns = (lines[0] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const at = (name: string): number => {
    const position = columns.indexOf(name);
    if (position >= 0) return position;
    throw invalid(`The CSV has no column “${name}”.`);
  };
  const [timeAt, promptAt, answerAt] = [at('timestamp'), at('request tokens'), at('response tokens')];
  const entries: TraceEntry[] = [];
  for (const [index, line] of lines.slice(1).entries()) {
    if (entries.length === limit) break;
    const cells = line.split(',');
    const [time, prompt, answer] = [timeAt, promptAt, answerAt].map((column) => Number(cells[column]));
    if (!Number.isFinite(time) || !Number.isFinite(prompt) || !Number.isFinite(answer)) {
      throw invalid(`Line ${index + 2} of the CSV holds no numbers where it should.`);
    }
    if ((answer ?? 0) < 1 || (prompt ?? 0) < 1) continue;
    entries.push({ atMs: (time ?? 0) * 1000, promptTokens: prompt ?? 0, outputTokens: answer ?? 0 });
  }
  return entries;
};

const parseLine = (line: string, number: number): z.infer<typeof lineSchema> => {
  try {
    return lineSchema.parse(JSON.parse(line));
  } catch (cause) {
    const error = invalid(`Line ${number} is not a request of a trace.`);
    throw new AppError(error.code, error.message, {
      ...(error.hint !== undefined && { hint: error.hint }),
      cause,
    });
  }
};

/** Requests whose first block is the same share that many leading blocks at least as the shorter common run. */
const prefixesOf = (hashes: readonly (readonly number[] | undefined)[]): readonly TraceEntry['prefix'][] => {
  const groups = Map.groupBy(
    hashes.flatMap((ids) => (ids === undefined || ids.length === 0 ? [] : [ids])),
    (ids) => ids[0] ?? 0,
  );
  const shared = new Map<number, number>();
  for (const [first, own] of groups) {
    if (own.length < 2) continue;
    const [example = []] = own;
    const run = example.findIndex((id, block) => own.some((ids) => ids[block] !== id));
    shared.set(first, run === -1 ? example.length : run);
  }
  return hashes.map((ids) => {
    const group = ids?.[0];
    const blocks = group === undefined ? undefined : shared.get(group);
    return group === undefined || blocks === undefined
      ? undefined
      : { group, tokens: blocks * mooncakeBlockTokens };
  });
};

const readJsonl = (lines: readonly string[], limit: number): readonly TraceEntry[] => {
  const parsed = lines.slice(0, limit).map((line, index) => parseLine(line, index + 1));
  const prefixes = prefixesOf(parsed.map((entry) => entry.hash_ids));
  return parsed.map((entry, index) => {
    const prefix = prefixes[index];
    return {
      atMs: entry.timestamp,
      promptTokens: entry.input_length,
      outputTokens: entry.output_length,
      ...(prefix !== undefined && { prefix }),
    };
  });
};

/**
 * Reads the first `limit` requests of a trace, in order of arrival. CSV is told from JSONL by its first character.
 * @throws AppError `bench.trace-invalid` naming the line
 */
export const readTrace = (text: string, limit: number): readonly TraceEntry[] => {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const entries =
    lines[0]?.trimStart().startsWith('{') === true ? readJsonl(lines, limit) : readCsv(lines, limit);
  if (entries.length === 0) throw invalid('The trace holds no requests.');
  return entries.toSorted((a, b) => a.atMs - b.atMs);
};

import { z } from 'zod';
import type { ImportFormat } from '../../../shared/contract/imports.ts';
import { at, looseObject } from './parsed-import.ts';

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON as a whole: the caller goes on with lines and tables
  }
};

const isLlamaBenchLine = (value: unknown): boolean =>
  z.object({ n_prompt: z.number(), n_gen: z.number(), avg_ts: z.number() }).safeParse(value).success;

const isVllm = (value: unknown): boolean =>
  at(value, 'request_throughput') !== undefined &&
  typeof at(value, 'request_throughput') === 'number' &&
  (at(value, 'model_id') !== undefined || at(value, 'mean_ttft_ms') !== undefined);

const isGuidellm = (value: unknown): boolean => {
  const benchmarks = z.array(looseObject).min(1).safeParse(at(value, 'benchmarks'));
  return benchmarks.success && at(benchmarks.data[0], 'metrics') !== undefined;
};

const isAiperf = (value: unknown): boolean =>
  ['request_latency', 'time_to_first_token', 'request_throughput'].some(
    (field) => at(value, field, 'unit') !== undefined && at(value, field, 'avg') !== undefined,
  );

const ofJson = (value: unknown): ImportFormat | undefined => {
  const list = z.array(z.unknown()).min(1).safeParse(value);
  if (list.success) return isLlamaBenchLine(list.data[0]) ? 'llama-bench-json' : undefined;
  if (isLlamaBenchLine(value)) return 'llama-bench-jsonl';
  if (isVllm(value)) return 'vllm';
  if (isGuidellm(value)) return 'guidellm';
  return isAiperf(value) ? 'aiperf' : undefined;
};

/** The format of a result file by what it holds, never by its name; `undefined` for what Dyno does not know. */
export const detectFormat = (text: string): ImportFormat | undefined => {
  const whole = ofJson(parse(text));
  if (whole !== undefined) return whole;
  const [firstLine = ''] = text.trimStart().split(/\r?\n/, 1);
  const first = ofJson(parse(firstLine));
  if (first === 'llama-bench-jsonl' || first === 'vllm') return first;
  if (/^"?build_commit"?,/.test(firstLine)) return 'llama-bench-csv';
  if (text.includes('INSERT INTO llama_bench (')) return 'llama-bench-sql';
  return /^\s*\|\s*model\s*\|.*\|\s*t\/s\s*\|\s*$/m.test(text) ? 'llama-bench-md' : undefined;
};

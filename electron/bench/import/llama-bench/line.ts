import { z } from 'zod';

/** A number that CSV and SQL bring as text. */
const number = z.coerce.number();
const text = z.coerce.string();

/**
 * A result line of llama-bench, whatever format it came in. Older versions have fewer columns; settings are kept as
 * text, as a person would read them.
 */
export const llamaBenchLineSchema = z.object({
  build_commit: text.optional(),
  build_number: text.optional(),
  cpu_info: text.optional(),
  gpu_info: text.optional(),
  backends: text.optional(),
  model_filename: text.optional(),
  model_type: text.optional(),
  model_size: number.optional(),
  model_n_params: number.optional(),
  n_prompt: number,
  n_gen: number,
  n_depth: number.default(0),
  test_time: text.optional(),
  avg_ts: number,
  stddev_ts: number.optional(),
  samples_ts: z.array(z.number()).default([]),
});
export type LlamaBenchLine = z.infer<typeof llamaBenchLineSchema> & {
  /** Every setting the file tells, by its column: `n_threads`, `flash_attn`, … */
  readonly settings: Readonly<Record<string, string>>;
};

const notSettings: ReadonlySet<string> = new Set([
  ...Object.keys(llamaBenchLineSchema.shape),
  'samples_ns',
  'avg_ns',
  'stddev_ns',
]);

/** @throws ZodError when a column that every version has is missing */
export const parseLine = (raw: Readonly<Record<string, unknown>>): LlamaBenchLine => ({
  ...llamaBenchLineSchema.parse(raw),
  settings: Object.fromEntries(
    Object.entries(raw)
      .filter(([name]) => !notSettings.has(name))
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  ),
});

import { parseLine, type LlamaBenchLine } from './line.ts';

/** Columns of the table by the heads llama-bench gives them. */
const columnOf: Readonly<Record<string, string>> = {
  model: 'model_type',
  backend: 'backends',
  ngl: 'n_gpu_layers',
  threads: 'n_threads',
  fa: 'flash_attn',
  sm: 'split_mode',
  nkvo: 'no_kv_offload',
  lm: 'load_mode',
  mmap: 'use_mmap',
  dev: 'devices',
  ts: 'tensor_split',
  ot: 'tensor_buft_overrides',
  embd: 'embeddings',
  nopo: 'no_op_offload',
  noh: 'no_host',
};

const units: Readonly<Record<string, number>> = {
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  K: 1e3,
  M: 1e6,
  B: 1e9,
};

/** `638.74 MiB` and `1.10 B`: two decimals are all the table has. */
const amountOf = (text: string): number | undefined => {
  const [, digits, unit] = /^([\d.]+)\s*(\w*)$/.exec(text.trim()) ?? [];
  if (digits === undefined) return undefined;
  return Math.round(Number(digits) * (units[unit ?? ''] ?? 1));
};

const testOf = (text: string) => {
  const [, prompt, generated, both, alsoBoth, depth] =
    /^(?:pp(\d+)|tg(\d+)|pp(\d+)\+tg(\d+))(?:\s*@\s*d(\d+))?$/.exec(text.trim()) ?? [];
  return {
    n_prompt: prompt ?? both ?? (generated === undefined ? undefined : '0'),
    n_gen: generated ?? alsoBoth ?? (prompt === undefined ? undefined : '0'),
    n_depth: depth ?? '0',
  };
};

const speedOf = (text: string) => {
  const [average, deviation] = text.split('±').map((part) => part.trim());
  return { avg_ts: average, ...(deviation !== undefined && { stddev_ts: deviation }) };
};

const cellsOf = (line: string): readonly string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());

const isHead = (line: string): boolean => /^\s*\|\s*model\s*\|.*\|\s*t\/s\s*\|\s*$/.test(line);

const rowOf = (
  heads: readonly string[],
  cells: readonly string[],
  build: Readonly<Record<string, string>>,
) => {
  const of = (head: string): string => cells[heads.indexOf(head)] ?? '';
  const known = new Set(['size', 'params', 'test', 't/s']);
  const rest = heads
    .filter((head) => !known.has(head))
    .map((head) => [columnOf[head] ?? head, of(head)] as const);
  return parseLine({
    ...build,
    ...Object.fromEntries(rest),
    model_size: amountOf(of('size')),
    model_n_params: amountOf(of('params')),
    ...testOf(of('test')),
    ...speedOf(of('t/s')),
  });
};

/** Every table of a text that has llama-bench's heads; other text around them is fine. */
export const readTable = (text: string): readonly LlamaBenchLine[] => {
  const lines = text.split(/\r?\n/);
  const [, build_commit, build_number] = /^build: (\S+) \((\d+)\)/m.exec(text) ?? [];
  const build = build_commit === undefined ? {} : { build_commit, build_number: build_number ?? '' };
  return lines.flatMap((head, index) => {
    if (!isHead(head)) return [];
    const rows = lines.slice(index + 2);
    const end = rows.findIndex((line) => !line.trim().startsWith('|'));
    const heads = cellsOf(head);
    return rows.slice(0, end < 0 ? undefined : end).map((line) => rowOf(heads, cellsOf(line), build));
  });
};

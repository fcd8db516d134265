/** One tensor as llama.cpp announces it: `[   3/  38] blk.0.attn_k.weight - [ 256, 128, 1, 1], type = f16, `. */
export interface AnnouncedTensor {
  readonly index: number;
  readonly count: number;
  readonly name: string;
  readonly elements: number;
}

const announcement = /^\s*\[\s*(\d+)\/\s*(\d+)\]\s+(\S+)\s+- \[([\d,\s]+)\]/;

/** Reads an announcement; `undefined` for any other text. Source of the format: src/llama-quant.cpp of v0.5.0. */
export const readAnnouncement = (text: string): AnnouncedTensor | undefined => {
  const match = announcement.exec(text);
  if (match === null) return undefined;
  const [, index = '', count = '', name = '', shape = ''] = match;
  const elements = shape.split(',').reduce((product, size) => product * Number(size), 1);
  return { index: Number(index), count: Number(count), name, elements };
};

/** The reason in `llama_model_quantize: failed to quantize: <reason>`. */
export const readFailure = (text: string): string | undefined =>
  /failed to quantize: (.+)/.exec(text)?.[1]?.trim();

/**
 * Share of the work done when each tensor begins. By elements: the embedding of a small model is a third of it, so
 * counting tensors would make the estimate of the remaining time useless.
 */
export const createProgressScale = (tensors: readonly AnnouncedTensor[]) => {
  const total = tensors.reduce((sum, { elements }) => sum + elements, 0);
  const startOf = new Map<string, number>();
  let before = 0;
  for (const { name, elements } of tensors) {
    startOf.set(name, total === 0 ? 0 : before / total);
    before += elements;
  }
  return (name: string): number => startOf.get(name) ?? 0;
};

import type { LlamaModel } from 'node-llama-cpp';
import type { FillMarks } from '../../../../shared/contract/engine.ts';
import type { Vocabulary } from '../vocabulary.ts';

/**
 * The marks a model fills a gap with, as llama.cpp knows them: the file's `tokenizer.ggml.fim_{pre,suf,mid}_token_id`, or
 * else how the families that were taught it spell them. All three or none: with two of them there is no gap.
 */
export const findFillMarks = (
  model: Pick<LlamaModel, 'tokens'>,
  { bos }: Pick<Vocabulary, 'bos'>,
): FillMarks | undefined => {
  const { prefix, suffix, middle } = model.tokens.infill;
  if (prefix === null || suffix === null || middle === null) return undefined;
  return { ...(bos !== undefined && { start: bos }), prefix, suffix, middle };
};

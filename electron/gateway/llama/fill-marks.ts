import type { EngineReplica } from '../../engine/engine.ts';
import { unsupportedParameter } from '../parameters/parameter-error.ts';

/** The three tokens a model was taught to fill a gap with. */
interface FillMarks {
  readonly prefix: number;
  readonly suffix: number;
  readonly middle: number;
}

/** How model families spell them: Qwen and CodeGemma, StarCoder and Granite, DeepSeek, CodeLlama. */
const spellings = [
  ['<|fim_prefix|>', '<|fim_suffix|>', '<|fim_middle|>'],
  ['<fim_prefix>', '<fim_suffix>', '<fim_middle>'],
  ['<fim-prefix>', '<fim-suffix>', '<fim-middle>'],
  ['<｜fim▁begin｜>', '<｜fim▁hole｜>', '<｜fim▁end｜>'],
  ['▁<PRE>', '▁<SUF>', '▁<MID>'],
] as const;

const singleToken = async (replica: EngineReplica, mark: string): Promise<number | undefined> => {
  const tokens = await replica.tokenize(mark, { parseSpecial: true });
  return tokens.length === 1 ? tokens[0] : undefined;
};

/**
 * The marks of the loaded model: those its vocabulary has as one token each.
 * @throws AppError `gateway.unsupported-parameter` when it has none
 */
export const findFillMarks = async (replica: EngineReplica): Promise<FillMarks> => {
  for (const spelling of spellings) {
    const [prefix, suffix, middle] = await Promise.all(spelling.map((mark) => singleToken(replica, mark)));
    if (prefix !== undefined && suffix !== undefined && middle !== undefined)
      return { prefix, suffix, middle };
  }
  throw unsupportedParameter(
    'input_suffix',
    'This model has no tokens for filling a gap.',
    'Load a code model that was trained for it, or use POST /v1/completions.',
  );
};

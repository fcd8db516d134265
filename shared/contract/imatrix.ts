import { z } from 'zod';
import type { Model } from './models.ts';

export const imatrixInputSchema = z.object({
  /** Id or path of the model in full precision. */
  model: z.string(),
  /** Absolute path of the calibration text, UTF-8. */
  text: z.string(),
  /** Absolute target path; default: the data folder's models, `<base>-imatrix.gguf`. */
  out: z.string().optional(),
  overwrite: z.boolean().default(false),
  /** At most this many chunks, from the beginning of the text. */
  chunks: z.number().int().min(1).optional(),
  /** Tokens per chunk. */
  contextSize: z.number().int().min(16).max(1_048_576).default(512),
});
export type ImatrixInput = z.input<typeof imatrixInputSchema>;

/** The word in the label of a file that was quantized with an importance matrix: `IQ2_XS imatrix`. */
export const imatrixLabel = 'imatrix';

/** Whether a file was quantized with an importance matrix, by its label. */
export const isWeighted = ({ quantization }: Pick<Model, 'quantization'>): boolean =>
  quantization.split(' ').includes(imatrixLabel);

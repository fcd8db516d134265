import koffi from 'koffi';
import { z } from 'zod';
import { AppError } from '../../../shared/errors/app-error.ts';
import { listenToLog, loadLibllama } from './load-libllama.ts';
import { placeWeighting, type KeyOverride, type NativeWeighting } from './native-weighting.ts';

/** `llama_model_quantize_params` in include/llama.h of llama.cpp v0.5.0. */
const paramsLayout = {
  nthread: 'int32_t',
  ftype: 'int',
  output_tensor_type: 'int',
  token_embedding_type: 'int',
  allow_requantize: 'bool',
  quantize_output_tensor: 'bool',
  only_copy: 'bool',
  pure: 'bool',
  keep_split: 'bool',
  dry_run: 'bool',
  imatrix: 'void *',
  kv_overrides: 'void *',
  tt_overrides: 'void *',
  prune_layers: 'void *',
  max_buf_size: 'size_t',
} as const;

/** The defaults v0.5.0 fills in; anything else means that the layout above does not fit the library. */
const defaultsSchema = z.object({
  nthread: z.literal(0),
  ftype: z.literal(7),
  output_tensor_type: z.number(),
  token_embedding_type: z.number(),
  allow_requantize: z.literal(false),
  quantize_output_tensor: z.literal(true),
  only_copy: z.literal(false),
  pure: z.literal(false),
  keep_split: z.literal(false),
  dry_run: z.literal(false),
  imatrix: z.null(),
  kv_overrides: z.null(),
  tt_overrides: z.null(),
  prune_layers: z.null(),
  max_buf_size: z.union([z.number(), z.bigint()]),
});

/**
 * Rows of one tensor held at once, as F32 and quantized. llama.cpp's own 8 GiB would let the embedding of a large
 * model push a small machine into swap; slabs of this size are no slower.
 */
const maxBufferBytes = 512 * 2 ** 20;

interface QuantizeCall {
  readonly sourcePath: string;
  readonly targetPath: string;
  readonly ftype: number;
  readonly threads: number;
  readonly allowRequantize: boolean;
  /** Only names every tensor and its size; reads no weights, writes nothing. */
  readonly isDryRun: boolean;
  readonly weighting: NativeWeighting | null;
}

interface Libllama {
  /** Copies an importance matrix into native memory, where it stays: the child is thrown away after its task. */
  place(columns: ReadonlyMap<string, Float32Array>, keys: readonly KeyOverride[]): NativeWeighting;
  /** Runs `llama_model_quantize` on a pool thread and resolves with its return code, 0 for success. */
  quantize(call: QuantizeCall): Promise<number>;
}

const refuse = (found: string): never => {
  throw new AppError('models.quantize-version', `Quantization needs llama.cpp v0.5.0; found ${found}.`, {
    hint: 'Run npm ci to install the exact versions Dyno was tested with.',
  });
};

/**
 * Opens libllama through koffi. `onLog` gets each piece of llama.cpp's log as it comes; a line may come in pieces.
 * @throws AppError `models.quantize-version`
 */
export const openLibllama = (onLog: (text: string) => void): Libllama => {
  const { llama } = loadLibllama('cpu', 'models.quantize-version', refuse);

  koffi.struct('llama_model_quantize_params', paramsLayout);
  const readDefaults = llama.func('llama_model_quantize_params llama_model_quantize_default_params()');
  const parsed = defaultsSchema.safeParse(readDefaults());
  const defaults = parsed.success ? parsed.data : refuse('another layout of its parameters');

  listenToLog(llama, onLog);
  const run = llama.func(
    'uint32_t llama_model_quantize(const char *source, const char *target, const llama_model_quantize_params *params)',
  );

  return {
    place: placeWeighting,
    quantize: ({ sourcePath, targetPath, ftype, threads, allowRequantize, isDryRun, weighting }) =>
      new Promise((resolve, reject) => {
        const params = {
          ...defaults,
          ftype,
          nthread: threads,
          allow_requantize: allowRequantize,
          dry_run: isDryRun,
          max_buf_size: maxBufferBytes,
          ...(weighting !== null && { imatrix: weighting.columns, kv_overrides: weighting.keys }),
        };
        run.async(sourcePath, targetPath, params, (error: unknown, code: number) => {
          if (error === null || error === undefined) resolve(code);
          else
            reject(new AppError('models.quantize-failed', 'libllama could not be called.', { cause: error }));
        });
      }),
  };
};

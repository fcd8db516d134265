import type { Command } from 'commander';
import { engineSettingsPatchSchema, type EngineSettingsPatch } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** The engine settings as flags, the same for every command that loads a model. */
export interface EngineOptions {
  readonly context?: string;
  readonly slots?: string;
  readonly threads?: string;
  readonly batch?: string;
  readonly ubatch?: string;
  readonly flashAttention?: string;
  readonly kvType?: string;
  readonly gpuLayers?: string;
  readonly mmap?: boolean;
}

export const addEngineOptions = (command: Command): Command =>
  command
    .option('-c, --context <tokens>', 'context per slot, or auto')
    .option('--slots <n>', 'sequences that decode together')
    .option('-t, --threads <n>', 'CPU threads, or auto')
    .option(
      '-b, --batch <tokens>',
      'tokens per prefill batch; llama.cpp splits it no further (n_ubatch = n_batch)',
    )
    .option(
      '--ubatch <tokens>',
      'as in llama.cpp; node-llama-cpp ties it to --batch, so only the same number works',
    )
    .option('--flash-attention <mode>', 'auto, on or off')
    .option('--kv-type <type>', 'type of the KV cache: F16, Q8_0, Q4_0…')
    .option('--gpu-layers <n>', 'layers on the GPU, auto or max')
    .option('--no-mmap', 'read the whole file into memory');

const numberOrWord = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);

/**
 * The settings the flags name; the rest is left to the user's settings and the defaults.
 * @throws AppError `app.bad-input` naming the flag
 */
export const readEngineOptions = (options: EngineOptions): EngineSettingsPatch => {
  if (options.ubatch !== undefined && options.ubatch !== options.batch) {
    throw new AppError(
      'app.bad-input',
      `node-llama-cpp ties ubatch to batch: --ubatch ${options.ubatch} cannot be had alone.`,
      {
        hint: `Give --batch ${options.ubatch}: llama.cpp then computes that many tokens at once.`,
      },
    );
  }
  const named = {
    contextSize: options.context,
    slots: options.slots,
    threads: options.threads,
    batchSize: options.batch,
    flashAttention: options.flashAttention,
    kvKeyType: options.kvType?.toUpperCase(),
    kvValueType: options.kvType?.toUpperCase(),
    gpuLayers: options.gpuLayers,
  };
  const given = Object.entries(named).flatMap(([key, text]) =>
    text === undefined ? [] : [[key, numberOrWord(text)]],
  );
  const result = engineSettingsPatchSchema.safeParse({
    ...Object.fromEntries(given),
    ...(options.mmap === false && { useMmap: false }),
  });
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new AppError(
    'app.bad-input',
    `${issue?.path.join('.') ?? 'setting'}: ${issue?.message ?? 'not accepted'}`,
    {
      hint: 'dyno models fit --help lists the settings and their values.',
    },
  );
};

import { AppError } from '../../../../shared/errors/app-error.ts';
import { findMemoryShortage } from '../../memory-shortage.ts';
import type { LoadMessage } from '../../protocol.ts';

/** What llama.cpp says after the reason, at every failure. */
const summaryLine = /failed to load model|failed to create (context|model)/i;

const reasonLine = /error|fail|invalid|missing|unknown|unsupported|mismatch|wrong|not within|requires/i;

/** `print_info: rope_finetuned = unknown`: a fact of the file. */
const factLine = /^\s*print_info:/;

/** `quantized V cache requires flash_attn`: two settings that do not go together; the file is sound. */
const settingReason = /requires/i;

/** What `checkTensors` says of weights that are not finite. */
const invalidTensor = /tensor '([^']+)' has invalid data|found tensors with invalid data/;

const messagesOf = (error: unknown): string[] =>
  error instanceof Error ? [error.message, ...messagesOf(error.cause)] : [];

/** The thrown text says only "Failed to load model": the reason is the last telling line of the log. */
export const loadError = (
  cause: unknown,
  { path, settings }: LoadMessage,
  log: readonly string[],
): AppError => {
  if (cause instanceof AppError) return cause;
  const thrown = messagesOf(cause);
  const invalid = [...log, ...thrown].map((line) => invalidTensor.exec(line)).find((match) => match !== null);
  if (invalid !== undefined)
    return new AppError(
      'models.bad-weights',
      `${path} has weights that are no numbers${invalid[1] === undefined ? '' : `, first in ${invalid[1]}`}.`,
      {
        hint: 'The file is damaged or was converted badly: every answer would be noise. Download or convert it again.',
        details: { path, log },
        cause,
      },
    );
  const shortage = findMemoryShortage([...thrown, ...log]);
  const isMemory = shortage !== undefined;
  const reason =
    shortage ??
    log.findLast((line) => reasonLine.test(line) && !summaryLine.test(line) && !factLine.test(line)) ??
    thrown[0] ??
    'no reason given';
  const context = settings.contextSize === 'auto' ? '' : ` and a context of ${settings.contextSize}`;
  return isMemory
    ? new AppError(
        'engine.out-of-memory',
        `${path} does not fit in memory with ${settings.slots} slots${context}: ${reason.trim()}`,
        {
          hint: 'Choose a smaller context, fewer slots, a smaller KV cache type or a smaller quantization.',
          details: { log },
          cause,
        },
      )
    : new AppError('engine.load-failed', `llama.cpp cannot load ${path}: ${reason.trim()}`, {
        hint: settingReason.test(reason)
          ? 'Change the setting it names.'
          : 'Inspect the file: it may be damaged, or need a newer llama.cpp.',
        details: { log },
        cause,
      });
};

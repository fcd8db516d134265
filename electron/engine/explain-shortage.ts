import { AppError } from '../../shared/errors/app-error.ts';
import { formatCount } from '../../shared/units/format.ts';
import type { EngineSettings } from '../../shared/contract/models.ts';
import type { Logger } from '../platform/ports.ts';
import type { LoadSpec } from './engine.ts';
import type { LoadLedger, LoadScale } from './load-ledger.ts';
import { findMemoryShortage } from './memory-shortage.ts';

interface Ports extends Pick<LoadScale, 'weigh'>, Pick<LoadLedger, 'promised'> {
  readonly log: Logger;
}

/** A CUDA device that runs out of memory ends the process (llama.cpp aborts), with these words before it. */
const asShortage = (error: AppError): AppError | undefined => {
  if (error.code === 'engine.out-of-memory') return error;
  if (error.code !== 'engine.crashed') return undefined;
  const { log } = error.details ?? {};
  const lines = Array.isArray(log) ? log.map(String) : [];
  const reason = findMemoryShortage(lines)?.trim();
  if (reason === undefined) return undefined;
  return new AppError('engine.out-of-memory', `Memory ran out while the model was loaded: ${reason}`, {
    details: { ...error.details },
    cause: error,
  });
};

/** The next smaller wish, where what fits by the estimate did not fit in truth. */
const smallerWish = ({ contextSize, slots, ...settings }: EngineSettings) => {
  const half = contextSize === 'auto' ? 0 : Math.floor(contextSize / 512) * 256;
  if (half > 0)
    return {
      words: `a context of ${formatCount(half)}`,
      settings: { ...settings, contextSize: half, slots },
    };
  if (slots > 1) return { words: '1 slot', settings: { ...settings, contextSize, slots: 1 } };
  return undefined;
};

const adviceFor = async (
  { path, settings }: LoadSpec,
  { weigh, promised }: Ports,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const reserved = await promised(signal);
  const { fits, advice } = await weigh({ path, settings }, reserved, signal);
  if (!fits) return advice;
  const smaller = smallerWish(settings);
  if (smaller === undefined) return undefined;
  const next = await weigh({ path, settings: smaller.settings }, reserved, signal);
  return next.fits ? `By the estimate it would fit; it did not: choose ${smaller.words}.` : next.advice;
};

/**
 * The error of a load that failed, once its process has given its memory back. Where memory ran out inside llama.cpp,
 * although the load was let in, it names the nearest setting that fits, as a refusal before the load does.
 */
export const explainShortage = async (
  error: AppError,
  spec: LoadSpec,
  ports: Ports,
  signal: AbortSignal,
): Promise<AppError> => {
  const shortage = asShortage(error);
  if (shortage === undefined) return error;
  try {
    const hint = (await adviceFor(spec, ports, signal)) ?? shortage.hint;
    return new AppError(shortage.code, shortage.message, {
      ...(hint !== undefined && { hint }),
      details: { ...shortage.details },
      cause: error,
    });
  } catch (reason) {
    // what went wrong with the load matters more than that nothing better can be named
    ports.log.warn('no fitting setting could be found', { path: spec.path, error: reason });
    return shortage;
  }
};

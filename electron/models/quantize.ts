import { basename, dirname, join } from 'node:path';
import type { ModelDetails, QuantizeInput, QuantType } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { formatGib } from '../../shared/units/format.ts';
import type { Ports } from '../platform/ports.ts';
import type { Inspector } from './inspector.ts';
import { createEtaMeter } from './eta-meter.ts';
import { quantizedName } from './quantized-name.ts';
import { findQuantType } from './quant-types.ts';
import { refuseForeignImatrix } from './refuse-foreign-imatrix.ts';
import { refuseBroken } from './refuse-broken.ts';
import { removeStaleParts } from './stale-parts.ts';
import { estimateQuantizedBytes } from './quantized-size.ts';

interface QuantizePorts extends Pick<Ports, 'files' | 'clock' | 'random' | 'log' | 'folders' | 'host'> {
  readonly inspector: Pick<Inspector, 'quantize'>;
  /** Reads and checks the header of a finished file; throws `models.*` when it is not a model. */
  readonly validate: (path: string) => Promise<unknown>;
  /** Takes what goes on behind an abort that has been answered. */
  readonly tidyUp: (work: Promise<unknown>) => void;
}

export interface QuantizeProgressReport {
  /** 0..1 */
  readonly fraction: number;
  readonly etaMs: number | null;
  readonly note: string;
}

interface QuantizeOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: QuantizeProgressReport) => void;
}

/** Free space asked beyond the estimate, which may be 8 % low. */
const diskMargin = 1.1;
const diskReserveBytes = 64 * 2 ** 20;

const fullPrecision = new Set(['F32', 'F16', 'BF16', 'F64']);

const refuseRequantizing = (source: ModelDetails, input: QuantizeInput, type: QuantType) => {
  const quantized = Object.keys(source.tensorTypes).filter((name) => !fullPrecision.has(name));
  if (quantized.length === 0 || input.allowRequantize === true) return;
  throw new AppError(
    'models.quantize-failed',
    `${source.id} is already quantized (${source.quantization}); making ${type.name} of it loses quality twice.`,
    {
      hint: 'Start from the F16, BF16 or F32 file, or allow requantizing (--allow-requantize).',
      details: { param: 'allowRequantize', tensorTypes: quantized },
    },
  );
};

const refuseUnweighted = (source: ModelDetails, type: QuantType, imatrix: string | undefined) => {
  if (!type.needsImatrix || imatrix !== undefined) return;
  throw new AppError('models.quantize-failed', `${type.name} needs an importance matrix.`, {
    hint: `Choose Q2_K or a larger type; or give a calibration text (--imatrix-text FILE of dyno bench and shootout); or make a matrix with dyno models imatrix ${source.id} --text FILE --out FILE and give it to dyno models quantize with --imatrix.`,
    details: { param: 'imatrix' },
  });
};

const refuseExisting = async (
  files: Ports['files'],
  target: string,
  source: ModelDetails,
  overwrite: boolean,
) => {
  if (source.parts.includes(target))
    throw new AppError('app.bad-input', 'The target is the source file itself.', {
      hint: 'Choose another name.',
      details: { param: 'out' },
    });
  if (overwrite || (await files.stat(target)) === undefined) return;
  throw new AppError('models.exists', `${target} is already there.`, {
    hint: 'Allow overwriting (--overwrite), or choose another name.',
    details: { path: target },
  });
};

const refuseFullDisk = async (files: Ports['files'], target: string, estimatedBytes: number) => {
  const fileBytes = Math.ceil(estimatedBytes * diskMargin);
  const needBytes = fileBytes + diskReserveBytes;
  const freeBytes = await files.freeBytes(target);
  if (freeBytes >= needBytes) return;
  throw new AppError(
    'storage.disk-full',
    `The file takes about ${formatGib(fileBytes)} GiB and ${formatGib(diskReserveBytes)} GiB must stay free; ${formatGib(freeBytes)} GiB are free in ${dirname(target)}.`,
    { hint: 'Free some space, or choose a folder on another disk.', details: { needBytes, freeBytes } },
  );
};

/** A write that failed because the disk filled up meanwhile is told as that. */
const diskFullInstead = async (files: Ports['files'], target: string, error: unknown): Promise<unknown> => {
  if (!(error instanceof AppError) || error.code !== 'models.quantize-failed') return error;
  if (!/iostream|basic_ios|ios::clear/.test(error.message)) return error;
  const freeBytes = await files.freeBytes(target);
  return freeBytes > diskReserveBytes
    ? error
    : new AppError('storage.disk-full', `The disk filled up while ${basename(target)} was written.`, {
        hint: 'Free some space, or choose a folder on another disk.',
        details: { freeBytes },
        cause: error,
      });
};

/**
 * Makes a quantized copy of a model and resolves with its path once it is complete, checked and in its place. On any
 * failure nothing is left behind; an abort settles at once, and what was written is removed as soon as the child is gone.
 * @throws AppError what is wrong with the source (`models.*`), `app.bad-input`, `models.exists`, `models.quantize-failed`, `models.quantize-version`,
 *   `models.bad-imatrix`, `storage.disk-full`, `app.cancelled`
 */
export const quantizeModel = async (
  ports: QuantizePorts,
  { source, input }: { readonly source: ModelDetails; readonly input: QuantizeInput },
  { signal, onProgress }: QuantizeOptions,
): Promise<{ readonly path: string }> => {
  const { files, clock, log, inspector, host, folders } = ports;
  const type = findQuantType(input.type);
  refuseBroken(source);
  refuseUnweighted(source, type, input.imatrix);
  if (input.imatrix !== undefined) await refuseForeignImatrix(files, input.imatrix, source);
  refuseRequantizing(source, input, type);
  const target =
    input.out ?? join(folders.models, quantizedName(source, type.name, input.imatrix !== undefined));
  await refuseExisting(files, target, source, input.overwrite === true);
  await removeStaleParts(ports, dirname(target));
  await refuseFullDisk(files, target, estimateQuantizedBytes(source, type));

  const part = `${target}.quantizing-${ports.random.id('q')}.part`;
  const threads = input.threads ?? host.availableParallelism();
  const eta = createEtaMeter(clock);
  const startedMs = clock.monotonicMs();
  let gone: Promise<unknown> = Promise.resolve();
  await files.makeFolder(dirname(target));
  try {
    await inspector.quantize(
      {
        sourcePath: source.path,
        targetPath: part,
        ftype: type.ftype,
        threads,
        allowRequantize: input.allowRequantize === true,
        ...(input.imatrix !== undefined && { imatrixPath: input.imatrix }),
      },
      {
        signal,
        onProgress: ({ fraction, note }) => onProgress({ fraction, etaMs: eta.update(fraction), note }),
        onAbandoned: (left) => {
          gone = left;
        },
      },
    );
    await ports.validate(part);
    if (signal.aborted) throw new AppError('app.cancelled');
    await files.rename(part, target);
  } catch (error) {
    if (signal.aborted) {
      ports.tidyUp(gone.then(() => files.remove(part)));
      throw error;
    }
    await files.remove(part);
    throw await diskFullInstead(files, target, error);
  }
  const tookMs = Math.round(clock.monotonicMs() - startedMs);
  log.info('quantized', { source: source.path, target, type: type.name, threads, tookMs });
  return { path: target };
};

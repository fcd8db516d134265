import { dirname, join } from 'node:path';
import type { ImatrixInput } from '../../shared/contract/imatrix.ts';
import type { ModelDetails } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { Ports } from '../platform/ports.ts';
import { createEtaMeter } from './eta-meter.ts';
import type { Inspector, ReadingDevice } from './inspector.ts';
import { imatrixName } from './quantized-name.ts';
import type { QuantizeProgressReport } from './quantize.ts';
import { refuseBroken } from './refuse-broken.ts';
import { refuseSynthetic } from './refuse-synthetic.ts';
import { removeStaleParts } from './stale-parts.ts';

interface ImatrixPorts extends Pick<Ports, 'files' | 'clock' | 'random' | 'log' | 'folders'> {
  readonly inspector: Pick<Inspector, 'collectImatrix'>;
  /** Where a model computes that is only read. */
  readonly readingDevice: (path: string, signal: AbortSignal) => Promise<ReadingDevice>;
  /** Takes what goes on behind an abort that has been answered. */
  readonly tidyUp: (work: Promise<unknown>) => void;
}

interface ImatrixOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: QuantizeProgressReport) => void;
}

const refuseExisting = async (files: Ports['files'], target: string, isOverwritten: boolean) => {
  if (isOverwritten || (await files.stat(target)) === undefined) return;
  throw new AppError('models.exists', `${target} is already there.`, {
    hint: 'Allow overwriting (--overwrite), or choose another name.',
    details: { path: target },
  });
};

/**
 * Refuses the text that quality is judged on by default: a file calibrated on it looks better than it is.
 * @throws AppError `quality.calibrated-on-text`
 */
const refuseJudgedText = async (
  { files, folders }: Pick<ImatrixPorts, 'files' | 'folders'>,
  text: string,
  signal: AbortSignal,
): Promise<void> => {
  const judged = join(folders.resources, 'text', 'heldout.txt');
  if ((await files.sha256(text, { signal })) !== (await files.sha256(judged, { signal }))) return;
  throw new AppError(
    'quality.calibrated-on-text',
    'This is the text quality is judged on; a file calibrated on it would look better than it is.',
    { hint: 'Calibrate on another text, of the kind the model will meet.', details: { param: 'text' } },
  );
};

/**
 * Makes the importance matrix of a model and resolves with its path once it is complete and in its place. On any failure
 * nothing is left behind; an abort settles at once.
 * @throws AppError what is wrong with the source (`models.*`), `files.not-found`, `models.exists`, `models.imatrix-failed`,
 *   `quality.calibrated-on-text`, `engine.load-failed`, `engine.version-mismatch`, `app.cancelled`
 */
export const makeImatrix = async (
  ports: ImatrixPorts,
  { source, input }: { readonly source: ModelDetails; readonly input: ImatrixInput },
  { signal, onProgress }: ImatrixOptions,
): Promise<{ readonly path: string }> => {
  const { files, clock, log, inspector, folders } = ports;
  refuseBroken(source);
  refuseSynthetic(source);
  if ((await files.stat(input.text))?.kind !== 'file')
    throw new AppError('files.not-found', `No such file: ${input.text}`, { hint: 'Check the path.' });
  await refuseJudgedText(ports, input.text, signal);
  const target = input.out ?? join(folders.models, imatrixName(source));
  await refuseExisting(files, target, input.overwrite === true);
  await removeStaleParts(ports, dirname(target));
  const { gpuLayers, ...device } = await ports.readingDevice(source.path, signal);

  const part = `${target}.collecting-${ports.random.id('i')}.part`;
  const eta = createEtaMeter(clock);
  let gone: Promise<unknown> = Promise.resolve();
  await files.makeFolder(dirname(target));
  try {
    const found = await inspector.collectImatrix(
      {
        file: { path: source.path, gpuLayers },
        textPath: input.text,
        targetPath: part,
        contextSize: input.contextSize ?? 512,
        maxChunks: input.chunks ?? null,
        ...device,
      },
      {
        signal,
        onProgress: ({ fraction, note }) => onProgress({ fraction, etaMs: eta.update(fraction), note }),
        onAbandoned: (left) => {
          gone = left;
        },
      },
    );
    if (signal.aborted) throw new AppError('app.cancelled');
    await files.rename(part, target);
    log.info('importance matrix made', { source: source.path, target, ...found });
  } catch (error) {
    if (signal.aborted) ports.tidyUp(gone.then(() => files.remove(part)));
    else await files.remove(part);
    throw error;
  }
  return { path: target };
};

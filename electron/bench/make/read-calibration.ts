import { basename, join } from 'node:path';
import type { Calibration } from '../../../shared/contract/bench-make.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { BenchInput } from '../plan/plan.ts';
import type { BenchPorts } from '../ports.ts';

/**
 * The text a run calibrates on, by its hash; `undefined` when it does not.
 * @throws AppError `app.bad-input`, `files.not-found`, `quality.calibrated-on-text` when the run judges on that very text
 */
export const readCalibration = async (
  { files, folders }: Pick<BenchPorts, 'files' | 'folders'>,
  { imatrixText: path, make, judge }: BenchInput,
): Promise<Calibration | undefined> => {
  if (path === undefined) return undefined;
  if (make === undefined)
    throw new AppError('app.bad-input', 'A calibration text goes with types to make.', {
      hint: 'Name them with --make (dyno bench) or --types (dyno shootout).',
      details: { param: 'imatrixText' },
    });
  if ((await files.stat(path))?.kind !== 'file')
    throw new AppError('files.not-found', `No such file: ${path}`, { hint: 'Check the path.' });
  const sha256 = await files.sha256(path);
  const heldOut = join(folders.resources, 'text', 'heldout.txt');
  const judged = judge === undefined || judge.text === 'bundled' ? heldOut : judge.text;
  if ((await files.stat(judged))?.kind === 'file' && (await files.sha256(judged)) === sha256)
    throw new AppError(
      'quality.calibrated-on-text',
      `${basename(path)} is the text quality is judged on; files calibrated on it would look better than they are.`,
      {
        hint: 'Calibrate on another text, of the kind the model will meet.',
        details: { param: 'imatrixText' },
      },
    );
  return { path, sha256 };
};

import { basename, join } from 'node:path';
import { AppError } from '../../../shared/errors/app-error.ts';
import { formatGib } from '../../../shared/units/format.ts';
import type { Files } from '../../platform/ports.ts';
import type { ValidModel } from '../gguf/validate.ts';

const refuseExisting = async (files: Pick<Files, 'stat'>, targets: readonly string[]): Promise<void> => {
  for (const target of targets) {
    if ((await files.stat(target)) === undefined) continue;
    throw new AppError('models.exists', `${target} is already there.`, {
      hint: 'Import the file without a copy, or rename one of the two.',
      details: { path: target },
    });
  }
};

/** Part of the disk that stays free: a full disk breaks more than this copy. */
const RESERVE_BYTES = 256 * 1024 ** 2;

/**
 * Copies all files of a model into `folder`, beside their names first, so that no half copy ever looks like a model.
 * Resolves with the path of the first.
 * @throws AppError `models.exists`, `storage.disk-full`, `app.cancelled`
 */
export const copyModel = async (
  files: Files,
  model: Pick<ValidModel, 'parts' | 'sizeBytes'>,
  folder: string,
  signal: AbortSignal,
): Promise<string> => {
  const pairs = model.parts.map((from) => ({ from, to: join(folder, basename(from)) }));
  await refuseExisting(
    files,
    pairs.map(({ to }) => to),
  );
  const freeBytes = await files.freeBytes(folder);
  if (freeBytes < model.sizeBytes + RESERVE_BYTES) {
    throw new AppError('storage.disk-full', undefined, {
      hint: `The copy needs ${formatGib(model.sizeBytes)} GiB, ${formatGib(freeBytes)} GiB are free: import without a copy.`,
    });
  }
  const temporary = (path: string) => `${path}.part`;
  try {
    await files.makeFolder(folder);
    for (const { from, to } of pairs) await files.copy(from, temporary(to), signal);
    for (const { to } of pairs) await files.rename(temporary(to), to);
  } catch (error) {
    for (const { to } of pairs) await files.remove(temporary(to));
    throw error;
  }
  return pairs[0]?.to ?? folder;
};

import type { Model } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/**
 * Speed and memory of random weights are those of the real model; their answers are noise, so nothing may judge them.
 * @throws AppError `models.synthetic`
 */
export const refuseSynthetic = ({ id, isSynthetic }: Pick<Model, 'id' | 'isSynthetic'>): void => {
  if (!isSynthetic) return;
  throw new AppError('models.synthetic', `${id} is synthetic: its weights are random.`, {
    hint: 'Speed and memory can be measured on it; for quality, download the real file (dyno models pull).',
  });
};

import { resolve } from 'node:path';
import type { AdapterWish } from '../../shared/contract/server.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { readLora } from '../../shared/units/read-lora.ts';

/** One `--lora FILE[=scale]` on top of those before. @throws AppError `app.bad-input` */
export const collectLora = (text: string, before: readonly AdapterWish[] = []): readonly AdapterWish[] => {
  const wish = readLora(text);
  if (wish === undefined)
    throw new AppError('app.bad-input', `--lora ${text} is no FILE[=scale].`, {
      hint: 'Name a GGUF file and a scale of −100 to 100: --lora style.gguf=0.5',
    });
  return [...before, { ...wish, path: resolve(wish.path) }];
};

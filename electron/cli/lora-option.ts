import { resolve } from 'node:path';
import type { AdapterWish } from '../../shared/contract/server.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/** `FILE=0.5`: the number behind the last equals sign is a scale; a name that ends otherwise is a file whole. */
const scaled = /^(.+)=(-?\d*\.?\d+(?:e-?\d+)?)$/iu;

/** One `--lora FILE[=scale]` on top of those before. @throws AppError `app.bad-input` */
export const collectLora = (text: string, before: readonly AdapterWish[] = []): readonly AdapterWish[] => {
  const [, path = text, number = '1'] = scaled.exec(text) ?? [];
  const scale = Number(number);
  if (path === '' || Math.abs(scale) > 100)
    throw new AppError('app.bad-input', `--lora ${text} is no FILE[=scale].`, {
      hint: 'Name a GGUF file and a scale of −100 to 100: --lora style.gguf=0.5',
    });
  return [...before, { path: resolve(path), scale }];
};

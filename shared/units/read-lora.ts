import type { AdapterWish } from '../contract/server.ts';

/** `FILE=0.5`: the number behind the last equals sign is a scale; a name that ends otherwise is a file whole. */
const scaled = /^(.+)=(-?\d*\.?\d+(?:e-?\d+)?)$/iu;

/** An adapter as people write it, `FILE[=scale]`; `undefined` for a scale beyond ±100 and for no name. */
export const readLora = (text: string): AdapterWish | undefined => {
  const [, path = text, number = '1'] = scaled.exec(text) ?? [];
  const scale = Number(number);
  return path === '' || Math.abs(scale) > 100 ? undefined : { path, scale };
};

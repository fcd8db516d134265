import { initial } from './0001-initial.ts';
import { quality } from './0002-quality.ts';

/** In order; never edited once released, only added to. */
export const migrations: readonly string[] = [initial, quality];

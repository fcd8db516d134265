import type { ComparisonRow } from '../../../../shared/contract/bench.ts';

/** The row in a few words: its type, and the settings where they are what is compared. */
export const nameOfRow = ({ quantization, variant }: ComparisonRow): string =>
  variant === null ? quantization : `${quantization} (${variant.label})`;

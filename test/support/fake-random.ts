import type { Random } from '../../electron/platform/ports.ts';

/** Counts instead of rolling dice: bytes 1, 2, 3…, ids `prefix_1`, `prefix_2`… */
export const createFakeRandom = (): Random => {
  let next = 0;
  return {
    bytes: (length) => Uint8Array.from({ length }, () => (next += 1) % 256),
    id: (prefix) => `${prefix}_${(next += 1)}`,
  };
};

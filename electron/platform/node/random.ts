import { randomBytes, randomFillSync } from 'node:crypto';
import type { Random } from '../ports.ts';

/** A draw of few bytes costs as much as one of thousands, so they are drawn ahead. */
const AHEAD_BYTES = 4096;

export const createNodeRandom = (): Random => {
  const ahead = Buffer.alloc(AHEAD_BYTES);
  let used = AHEAD_BYTES;
  const bytes = (length: number): Buffer => {
    if (length > AHEAD_BYTES / 16) return randomBytes(length);
    if (used + length > AHEAD_BYTES) {
      randomFillSync(ahead);
      used = 0;
    }
    const drawn = Buffer.from(ahead.subarray(used, used + length)); // a copy
    ahead.fill(0, used, used + length); // a secret stands in one place only
    used += length;
    return drawn;
  };
  return {
    bytes,
    id: (prefix) => `${prefix}_${Date.now().toString(36)}${bytes(5).toString('hex')}`,
  };
};

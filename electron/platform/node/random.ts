import { randomBytes } from 'node:crypto';
import type { Random } from '../ports.ts';

export const createNodeRandom = (): Random => ({
  bytes: (length) => randomBytes(length),
  id: (prefix) => `${prefix}_${Date.now().toString(36)}${randomBytes(5).toString('hex')}`,
});

import type { Files } from '../../platform/ports.ts';

/** Proportional set size of a `smaps_rollup` text, bytes: pages shared with others count in proportion. */
export const readProportionalBytes = (rollup: string): number | undefined => {
  const match = /^Pss:\s+(\d+) kB$/m.exec(rollup);
  return match === null ? undefined : Number(match[1]) * 1024;
};

/**
 * Memory of this process that is its own, where the system tells (Linux); `undefined` elsewhere. Walks the page tables:
 * some milliseconds per gigabyte, so never while something is measured.
 */
export const ownMemoryBytes = async (
  files: Pick<Files, 'stat' | 'readText'>,
): Promise<number | undefined> => {
  const path = '/proc/self/smaps_rollup';
  if ((await files.stat(path)) === undefined) return undefined;
  return readProportionalBytes(await files.readText(path));
};

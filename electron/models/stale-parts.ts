import type { Ports } from '../platform/ports.ts';

/**
 * Files in the making lie beside their target, so that the last step is one atomic rename. Each has a name of its own:
 * two processes that make the same target do not write into one file.
 */
const partName = /\.(quantizing|synthesizing|collecting)-[a-z0-9_]+(\.part)?$/i;
/** A part nobody wrote to for this long is left over from a kill; one large tensor takes a few minutes at most. */
const staleAfterMs = 15 * 60_000;

/**
 * Removes what a quantization or a synthesis left in `folder` when its host was killed, 15 minutes after the last byte.
 * Called before every one of them.
 * @returns the removed paths
 */
export const removeStaleParts = async (
  { files, clock }: Pick<Ports, 'files' | 'clock'>,
  folder: string,
): Promise<readonly string[]> => {
  const removed: string[] = [];
  for (const { kind, name, path } of await files.list(folder)) {
    if (kind !== 'file' || !partName.test(name)) continue;
    const stat = await files.stat(path);
    if (stat === undefined || clock.nowMs() - stat.modifiedMs < staleAfterMs) continue;
    await files.remove(path);
    removed.push(path);
  }
  return removed;
};

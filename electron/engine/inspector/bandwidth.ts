import { setTimeout as sleep } from 'node:timers/promises';
import type { InspectorTask } from './protocol.ts';

type BandwidthTask = Extract<InspectorTask, { type: 'bandwidth' }>;

/** Compared at a time: long enough that the call is nothing, short enough to stop in time. */
const pieceBytes = 4 * 2 ** 20;

const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * Streams over two equal halves of a buffer with `memcmp`, which reads both and writes nothing: the C library's vector
 * loop is faster than memory, so the memory is what is measured. Halves are written first; fresh pages would all be the
 * one zero page.
 */
export const measureBandwidth = async ({
  startAtMs,
  roundMs,
  rounds,
  bufferBytes,
}: BandwidthTask): Promise<readonly (number | null)[]> => {
  const half = Math.floor(bufferBytes / 2 / pieceBytes) * pieceBytes;
  const one = Buffer.alloc(half, 0x5a);
  const other = Buffer.alloc(half, 0x5a);
  await sleep(Math.max(0, startAtMs - monotonicMs()));
  let at = 0;
  return Array.from({ length: rounds }, (_, round) => {
    const beginMs = startAtMs + round * roundMs;
    const startedMs = monotonicMs();
    if (startedMs > beginMs + roundMs / 2) return null; // too late to be counted with the others
    let bytes = 0;
    let nowMs = startedMs;
    while (nowMs < beginMs + roundMs) {
      if (one.compare(other, at, at + pieceBytes, at, at + pieceBytes) !== 0) return null;
      bytes += 2 * pieceBytes;
      at = (at + pieceBytes) % half;
      nowMs = monotonicMs();
    }
    return (bytes * 1000) / (nowMs - startedMs);
  });
};

/** Rounds in which every child took part, summed over the children. */
export const sumRounds = (
  children: readonly (readonly (number | null)[])[],
  rounds: number,
): readonly number[] =>
  Array.from({ length: rounds }, (_, round) => children.map((child) => child[round] ?? null)).flatMap(
    (speeds) => {
      const known = speeds.filter((speed) => speed !== null);
      return known.length === speeds.length ? [known.reduce((sum, speed) => sum + speed, 0)] : [];
    },
  );

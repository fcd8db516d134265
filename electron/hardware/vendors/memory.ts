/** Parsers of what Linux says about memory. Pure. */

export interface Meminfo {
  readonly totalBytes: number;
  readonly availableBytes: number;
  readonly swapTotalBytes: number | null;
  readonly swapUsedBytes: number | null;
}

/** Reads /proc/meminfo; `undefined` without its totals. Kernels before 3.14 have no MemAvailable: free + caches then. */
export const parseMeminfo = (text: string): Meminfo | undefined => {
  const values = new Map(
    [...text.matchAll(/^(\w+):\s+(\d+) kB$/gm)].map((match) => [match[1], Number(match[2]) * 1024]),
  );
  const totalBytes = values.get('MemTotal');
  const freeBytes = values.get('MemFree');
  if (totalBytes === undefined || freeBytes === undefined) return undefined;
  const swapTotalBytes = values.get('SwapTotal') ?? null;
  const swapFreeBytes = values.get('SwapFree') ?? null;
  return {
    totalBytes,
    availableBytes:
      values.get('MemAvailable') ?? freeBytes + (values.get('Buffers') ?? 0) + (values.get('Cached') ?? 0),
    swapTotalBytes,
    swapUsedBytes: swapTotalBytes === null || swapFreeBytes === null ? null : swapTotalBytes - swapFreeBytes,
  };
};

/** `some avg10` of a /proc/pressure file: percent of the last 10 s in which some task waited. */
export const parsePressure = (text: string): number | undefined => {
  const match = /^some avg10=([\d.]+)/m.exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1]);
};

/** `some total` of a /proc/pressure file: microseconds since the start in which some task waited. */
export const parsePressureTotal = (text: string): number | undefined => {
  const match = /^some .*\btotal=(\d+)/m.exec(text);
  return match?.[1] === undefined ? undefined : Number(match[1]);
};

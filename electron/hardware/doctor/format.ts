import type { DoctorCheck } from '../../../shared/contract/hardware.ts';

/** Bytes as people read them in a check: `23.5 GB` (powers of 1024, as memory is sold). */
export const formatBytes = (bytes: number): string => {
  const gigabytes = bytes / 2 ** 30;
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GB` : `${Math.round(bytes / 2 ** 20)} MB`;
};

type Level = DoctorCheck['level'];

/** A check with all it needs in one line; `fix` only where something is to be done. */
export const check = (
  [id, title]: readonly [id: string, title: string],
  level: Level,
  found: string,
  fix: string | null = null,
): DoctorCheck => ({ id, title, level, found, fix });

import type { DoctorCheck } from '../../../shared/contract/hardware.ts';
import { formatGib } from '../../../shared/units/format.ts';

/** Bytes with their unit: `23.5 GiB`. */
export const gibibytes = (bytes: number): string => `${formatGib(bytes)} GiB`;

/** A check with all it needs in one line; `fix` only where something is to be done. */
export const check = (
  [id, title]: readonly [id: string, title: string],
  level: DoctorCheck['level'],
  found: string,
  fix: string | null = null,
): DoctorCheck => ({ id, title, level, found, fix });

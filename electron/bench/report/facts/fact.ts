import type { Fact, FactGroup } from '../../../../shared/contract/imports.ts';
import { formatGib, UNKNOWN } from '../../../../shared/units/format.ts';

/** Makes facts of one group; what is unknown is a dash. */
export const factsOf =
  (group: FactGroup) =>
  (name: string, value: string | number | null | undefined): Fact => ({
    group,
    name,
    value: value === null || value === undefined || value === '' ? UNKNOWN : String(value),
  });

export const gib = (bytes: number | null | undefined): string =>
  bytes === null || bytes === undefined ? UNKNOWN : `${formatGib(bytes)} GiB`;

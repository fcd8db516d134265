import type { CompatResult } from '../../../shared/contract/compat.ts';
import { renderTable } from './table.ts';

const marks: Readonly<Record<CompatResult['outcome'], string>> = {
  passed: 'ok',
  failed: 'FAILED',
  missing: 'missing',
};

/** `41 of 46 checks passed, 2 failed, 3 routes missing`. */
export const compatSummary = (results: readonly CompatResult[]): string => {
  const count = (outcome: CompatResult['outcome']): number =>
    results.filter((result) => result.outcome === outcome).length;
  return `${count('passed')} of ${results.length} checks passed, ${count('failed')} failed, ${count('missing')} found no such route.`;
};

/** One row per check, and what was found where it did not pass. */
export const renderCompat = (results: readonly CompatResult[]): string =>
  `${renderTable(
    [
      { head: 'check', cell: ({ id }) => id },
      { head: 'result', cell: ({ outcome }) => marks[outcome] },
      { head: 'ms', align: 'right', cell: ({ ms }) => String(ms) },
      { head: 'what it is', cell: ({ title, found }) => (found === null ? title : `${title}: ${found}`) },
    ],
    results,
  )}\n\n${compatSummary(results)}`;

import type { BenchRun, Cell } from '../../../shared/contract/bench.ts';
import type { RowCells, RowSource } from './comparison-rows.ts';
import { canonicalJson } from '../workload.ts';

const roles: readonly (readonly [keyof RowCells, string])[] = [
  ['prefill', 'Prefill'],
  ['decode', 'Decode'],
  ['singleStream', 'Single stream'],
  ['shared', 'Closed loop'],
];

/** The parts of a workload that are not equal: `tokens 128 and 64, seed 1 and 2`. */
const describe = (a: { run: BenchRun; cell: Cell }, b: { run: BenchRun; cell: Cell }): string => {
  const flat = ({ run, cell }: { run: BenchRun; cell: Cell }): Readonly<Record<string, unknown>> => {
    const { parameters, ...rest } = cell.workload;
    return { ...rest, ...(typeof parameters === 'object' ? parameters : {}), seed: run.spec.seed };
  };
  const [left, right] = [flat(a), flat(b)];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const unequal = keys.filter((key) => canonicalJson(left[key]) !== canonicalJson(right[key]));
  return unequal
    .map((key) =>
      key === 'corpusSha256'
        ? 'another text for prompts'
        : `${key} ${canonicalJson(left[key] ?? null)} and ${canonicalJson(right[key] ?? null)}`,
    )
    .join(', ');
};

/** True when the cells in this role were measured under the same workload and formulas, or one is missing. */
export const isComparable = (a: RowSource, b: RowSource, role: keyof RowCells): boolean => {
  const [left, right] = [a.cells[role], b.cells[role]];
  if (left === undefined || right === undefined) return true;
  return a.run.metricsVersion === b.run.metricsVersion && left.workloadHash === right.workloadHash;
};

/** In words, what differs between the rows and the base where their figures may not be compared; empty = nothing. */
export const differencesOf = (rows: readonly RowSource[], base: RowSource): readonly string[] => {
  const found = rows.flatMap((row) => {
    if (row.run.metricsVersion !== base.run.metricsVersion) {
      return [
        `“${row.run.name}” was computed with formula version ${row.run.metricsVersion}, “${base.run.name}” with ${base.run.metricsVersion}.`,
      ];
    }
    return roles.flatMap(([role, title]) => {
      const [a, b] = [base.cells[role], row.cells[role]];
      if (a === undefined || b === undefined || isComparable(row, base, role)) return [];
      const parts = describe({ run: base.run, cell: a }, { run: row.run, cell: b });
      return [`${title}: “${base.run.name}” measured ${a.test}, “${row.run.name}” ${b.test} (${parts}).`];
    });
  });
  return [...new Set(found)];
};

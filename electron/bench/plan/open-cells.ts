import type { BenchRun, Cell } from '../../../shared/contract/bench.ts';

/**
 * Cells a start of the run has to measure: all that are not done. In a run until decided the arms of a test belong
 * together, so one open arm opens the other: alone it could not be measured in turns.
 */
export const openCells = ({ spec, cells }: Pick<BenchRun, 'spec' | 'cells'>): readonly Cell[] => {
  const open = cells.filter((cell) => cell.state !== 'done');
  if (spec.untilDecided === undefined) return open;
  const tests = new Set(open.map((cell) => cell.test));
  return cells.filter((cell) => tests.has(cell.test));
};

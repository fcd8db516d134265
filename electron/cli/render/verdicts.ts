import type { Comparison } from '../../../shared/contract/bench.ts';
import type { MetricVerdict } from '../../../shared/contract/verdict.ts';
import { floorSentence } from '../../../shared/units/floor-text.ts';
import { verdictColumns, verdictNote } from '../../../shared/units/verdict-columns.ts';
import { verdictSummary } from '../../../shared/units/verdict-text.ts';
import { renderTable } from './table.ts';

/** Each metric against the base, with all that its verdict rests on; empty without a second row. */
export const renderVerdicts = ({ rows, verdicts, noiseFloor }: Comparison, nowMs: number): string => {
  const summary = verdictSummary(verdicts);
  return verdicts.length === 0
    ? ''
    : [
        `Against the base, ${rows.find(({ isBase }) => isBase)?.modelId ?? ''}:`,
        renderTable<MetricVerdict>(
          verdictColumns.map(({ head, isText, text }) => ({
            head,
            align: isText ? 'left' : 'right',
            cell: text,
          })),
          verdicts,
        ),
        ...(summary === null ? [] : [summary]),
        verdictNote,
        floorSentence(noiseFloor, nowMs),
      ].join('\n');
};

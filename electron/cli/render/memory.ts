import type { MemoryHistory, MemoryLoad, MemoryPrediction } from '../../../shared/contract/memory.ts';
import { formatCount, formatFigure, formatGib, UNKNOWN } from '../../../shared/units/format.ts';
import { basisText } from '../../../shared/units/memory-basis.ts';
import { renderTable } from './table.ts';

const signed = (percent: number): string => `${percent > 0 ? '+' : ''}${formatFigure(percent)}`;

/** Past loads as a table, newest first. */
export const renderLoads = (loads: readonly MemoryLoad[]): string =>
  renderTable<MemoryLoad>(
    [
      { head: 'load', cell: (load) => new Date(load.atMs).toISOString().slice(0, 16).replace('T', ' ') },
      { head: 'model', cell: (load) => load.modelId },
      {
        head: 'context × slots',
        align: 'right',
        cell: (load) => `${formatCount(load.contextSize)} × ${load.slots}`,
      },
      { head: 'KV', cell: (load) => load.kvKeyType },
      { head: 'mmap', cell: (load) => (load.useMmap ? 'yes' : 'no') },
      { head: 'expected GiB', align: 'right', cell: (load) => formatGib(load.predicted.ramBytes) },
      { head: 'measured GiB', align: 'right', cell: (load) => formatGib(load.measured.processBytes) },
      {
        head: 'peak GiB',
        align: 'right',
        cell: ({ measured }) => (measured.peakBytes === undefined ? UNKNOWN : formatGib(measured.peakBytes)),
      },
      { head: 'error %', align: 'right', cell: (load) => signed(load.errorPercent) },
      {
        head: 'GPU expected',
        align: 'right',
        cell: (load) => (load.predicted.vramBytes === 0 ? UNKNOWN : formatGib(load.predicted.vramBytes)),
      },
      {
        head: 'GPU measured',
        align: 'right',
        cell: (load) => (load.measured.deviceBytes === null ? UNKNOWN : formatGib(load.measured.deviceBytes)),
      },
    ],
    loads,
  );

export const renderHistory = (history: MemoryHistory): string =>
  history.loads.length === 0
    ? 'No model was loaded on this machine yet.'
    : [
        renderLoads(history.loads),
        `Absolute error: median ${formatFigure(history.medianAbsoluteErrorPercent)} %, worst ${formatFigure(history.worstAbsoluteErrorPercent)} %, n ${history.loads.length}`,
        'Each load was expected from those before it.',
      ].join('\n');

export const renderExpected = (expected: MemoryPrediction): string =>
  `${formatGib(expected.ramBytes)} GiB right after the load: ${formatGib(expected.processBytes)} GiB are the process itself, ${basisText(expected)}`;

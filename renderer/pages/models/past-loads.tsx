import type { MemoryLoad } from '../../../shared/contract/memory.ts';
import { formatCount, formatFigure, formatGib } from '../../../shared/units/format.ts';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { Explained } from '../../ui/explained.tsx';
import { Unknown } from '../../ui/unknown.tsx';
import classes from './past-loads.module.css';

const signed = (percent: number): string => `${percent > 0 ? '+' : ''}${formatFigure(percent)}`;

const columns: readonly Column<MemoryLoad>[] = [
  {
    id: 'time',
    title: 'Load',
    isRowHeader: true,
    render: ({ atMs }) =>
      new Date(atMs).toLocaleString(undefined, { dateStyle: 'short', timeStyle: 'short' }),
    sortBy: ({ atMs }) => atMs,
  },
  {
    id: 'setting',
    title: 'Setting',
    render: ({ contextSize, slots, kvKeyType, useMmap }) => (
      <span className={classes.oneLine}>
        {formatCount(contextSize)} × {slots}, {kvKeyType}
        {useMmap ? ', mapped' : ''}
      </span>
    ),
  },
  {
    id: 'expected',
    title: 'Expected, GiB',
    isNumeric: true,
    render: ({ predicted }) => formatGib(predicted.ramBytes),
    sortBy: ({ predicted }) => predicted.ramBytes,
  },
  {
    id: 'measured',
    title: 'Measured, GiB',
    isNumeric: true,
    render: ({ measured }) =>
      measured.source === 'pss' ? (
        formatGib(measured.processBytes)
      ) : (
        <Explained reason="This system tells only the resident size: pages shared with other programs count whole.">
          {formatGib(measured.processBytes)}
        </Explained>
      ),
    sortBy: ({ measured }) => measured.processBytes,
  },
  {
    id: 'peak',
    title: 'Peak while loading, GiB',
    isNumeric: true,
    render: ({ measured }) =>
      measured.peakBytes === undefined ? (
        <Unknown reason="recorded by a version that did not watch the load" />
      ) : (
        formatGib(measured.peakBytes)
      ),
    sortBy: ({ measured }) => measured.peakBytes ?? 0,
  },
  {
    id: 'error',
    title: 'Error, %',
    isNumeric: true,
    render: ({ errorPercent }) => signed(errorPercent),
    sortBy: ({ errorPercent }) => Math.abs(errorPercent),
  },
];

const deviceColumn: Column<MemoryLoad> = {
  id: 'device',
  title: 'GPU measured, GiB',
  isNumeric: true,
  render: ({ measured }) =>
    measured.deviceBytes === null ? (
      <Unknown reason="no layer ran on a GPU" />
    ) : (
      formatGib(measured.deviceBytes)
    ),
};

/** What loads of this model were expected to take, and took. */
export const PastLoads = ({ loads }: { readonly loads: readonly MemoryLoad[] }) =>
  loads.length === 0 ? null : (
    <DataTable
      label="Past loads"
      columns={
        loads.some(({ measured }) => measured.deviceBytes !== null) ? [...columns, deviceColumn] : columns
      }
      rows={loads}
      rowKey={({ atMs, contextSize }) => `${atMs} ${contextSize}`}
    />
  );

import type { BenchRun } from '../../../../shared/contract/bench.ts';
import type { Estimate } from '../../../../shared/contract/common.ts';
import {
  energyRows,
  leftOutOf,
  noSpreadReason,
  silenceOf,
  type EnergyRow,
} from '../../../../shared/units/energy.ts';
import { formatDuration, formatFigure } from '../../../../shared/units/format.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EnergyFigure } from '../../../ui/energy-figure.tsx';
import { Explained } from '../../../ui/explained.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import classes from './energy-table.module.css';

const figure = (
  id: string,
  title: string,
  read: (energy: EnergyRow['energy']) => {
    readonly estimate: Estimate | null;
    readonly window: number | null | undefined;
    readonly missing: string;
  },
): Column<EnergyRow> => ({
  id,
  title,
  isNumeric: true,
  render: ({ energy }) => {
    const { estimate, window, missing } = read(energy);
    return (
      <EnergyFigure
        estimate={estimate}
        window={window ?? null}
        reason={silenceOf(energy) ?? missing}
        windowReason={noSpreadReason(energy)}
        leftOut={leftOutOf(energy)}
      />
    );
  },
  sortBy: ({ energy }) => read(energy).estimate?.median ?? read(energy).window ?? null,
});

const columnsFor = (run: BenchRun): readonly Column<EnergyRow>[] => {
  const types = new Map(run.models.map(({ modelId, quantization }) => [modelId, quantization]));
  return [
    {
      id: 'type',
      title: 'Type',
      render: ({ cell }) => <span className="mono">{types.get(cell.modelId) ?? cell.modelId}</span>,
      sortBy: ({ cell }) => types.get(cell.modelId) ?? cell.modelId,
    },
    {
      id: 'test',
      title: 'Test',
      isRowHeader: true,
      render: ({ cell }) => cell.test,
      sortBy: ({ cell }) => cell.test,
    },
    {
      id: 'device',
      title: 'Device',
      render: ({ energy }) => energy.device,
      sortBy: ({ energy }) => energy.device,
    },
    figure('gross', 'J/token', ({ perToken, value }) => ({
      estimate: perToken,
      window: value?.joulesPerToken,
      missing: '',
    })),
    // the window stands in only where no repetition has a figure, so that both columns tell of the same work
    figure('above', 'J/token above idle', ({ perToken, perTokenAboveIdle, value }) => ({
      estimate: perTokenAboveIdle,
      window: perToken === null ? value?.joulesPerTokenAboveIdle : null,
      missing: 'the idle draw of this device was not seen before the run, or lay above its draw under load',
    })),
    {
      id: 'watts',
      title: 'Mean power, W',
      isNumeric: true,
      render: ({ energy: { value, reason } }) =>
        value === null ? <Unknown reason={reason ?? ''} /> : formatFigure(value.joules / value.seconds),
      sortBy: ({ energy: { value } }) => (value === null ? null : value.joules / value.seconds),
    },
    {
      id: 'window',
      title: 'Measured',
      isNumeric: true,
      render: ({ per, energy: { value, reason } }) =>
        value === null ? (
          <Unknown reason={reason ?? ''} />
        ) : (
          <Explained
            reason={`${formatFigure(value.joules)} J over ${formatFigure(value.tokens)} tokens, per ${per}; ${value.method} of ${value.source}`}
          >
            {formatDuration(value.seconds * 1000)}{' '}
            <span className={classes.n}>{value.readings} readings</span>
          </Explained>
        ),
    },
  ];
};

/** Devices that tell nothing in any cell, with the one reason they have; a dash in every row would say less. */
const silentDevices = (rows: readonly EnergyRow[]): readonly (readonly [device: string, reason: string])[] =>
  [...Map.groupBy(rows, ({ energy }) => energy.device)].flatMap(([device, own]) => {
    const reasons = new Set(own.map(({ energy }) => silenceOf(energy)));
    const [reason] = reasons;
    return reasons.size === 1 && typeof reason === 'string' ? [[device, reason] as const] : [];
  });

/** Joules per token of every cell, named after the device that was read; never the whole system. */
export const EnergyTable = ({ run }: { readonly run: BenchRun }) => {
  const all = energyRows(run.cells);
  const silent = silentDevices(all);
  const rows = all.filter(({ energy }) => !silent.some(([device]) => device === energy.device));
  if (all.length === 0) return null;
  return (
    <>
      {rows.length === 0 ? null : (
        <Panel title="Energy" isFlush>
          <DataTable
            label="Energy"
            columns={columnsFor(run)}
            rows={rows}
            rowKey={({ cell, energy }) => `${cell.id} ${energy.device}`}
          />
        </Panel>
      )}
      {silent.map(([device, reason]) => (
        <p key={device} className={classes.note}>
          Energy of the {device}: not known, {reason}.
        </p>
      ))}
    </>
  );
};

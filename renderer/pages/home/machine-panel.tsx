import type { Inventory } from '../../../shared/contract/hardware.ts';
import { formatFigure, formatGib } from '../../../shared/units/format.ts';
import { shortCpuName, shortGpuName } from '../../frame/machine-name.ts';
import { useQuery } from '../../live/use-query.ts';
import { formatRoute } from '../../router/route.ts';
import { useServices } from '../../services-context.ts';
import { KeyValues, type KeyValue } from '../../ui/key-values.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Unknown } from '../../ui/unknown.tsx';

const clock = (inventory: Inventory): string => {
  const mhz = inventory.cpu.maxClockMhz ?? inventory.cpu.baseClockMhz;
  return mhz === null ? '' : `, up to ${formatFigure(mhz / 1000)} GHz`;
};

const facts = (inventory: Inventory): readonly KeyValue[] => [
  [
    'Processor',
    <>
      {shortCpuName(inventory.cpu.model)}
      <br />
      <span className="muted">
        {inventory.cpu.physicalCores} cores, {inventory.cpu.usableCores} usable threads{clock(inventory)}
      </span>
    </>,
  ],
  [
    'Memory',
    <>
      {formatGib(inventory.memory.totalBytes)} GiB{' '}
      <span className="muted">
        {inventory.memory.kind ?? ''}
        {inventory.memory.speedMtps === null ? '' : ` at ${inventory.memory.speedMtps} MT/s`}
      </span>
    </>,
  ],
  [
    'GPU',
    inventory.gpus.length === 0
      ? 'none found; models run on the processor'
      : inventory.gpus.map(shortGpuName).join(', '),
  ],
  [
    'Engine',
    inventory.llama === null ? (
      <Unknown reason={inventory.llamaProblem ?? 'the device probe gave no answer'} />
    ) : (
      <>
        llama.cpp {inventory.llama.llamaCppRelease} on {inventory.llama.backend}
      </>
    ),
  ],
];

/** The machine in four lines. */
export const MachinePanel = () => {
  const { queries } = useServices();
  const inventory = useQuery(queries.inventory());
  return (
    <Panel title="This machine" actions={<a href={formatRoute({ page: 'hardware' })}>Hardware</a>}>
      <QueryView query={inventory} what="the hardware">
        {(data) => <KeyValues items={facts(data)} />}
      </QueryView>
    </Panel>
  );
};

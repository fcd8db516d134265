import type { Gpu, Inventory } from '../../../shared/contract/hardware.ts';
import { formatFigure, formatGib } from '../../../shared/units/format.ts';
import { KeyValues, type KeyValue } from '../../ui/key-values.tsx';
import { Unknown } from '../../ui/unknown.tsx';

const known = (value: string | number | null, reason: string, unit = '') =>
  value === null ? (
    <Unknown reason={reason} />
  ) : (
    `${typeof value === 'number' ? formatFigure(value) : value}${unit === '' ? '' : ` ${unit}`}`
  );

const gpuFacts = (gpu: Gpu, index: number): KeyValue => [
  `GPU ${index}`,
  <>
    {gpu.name}
    <br />
    <span className="muted">
      {gpu.totalMemoryBytes === null ? 'memory unknown' : `${formatGib(gpu.totalMemoryBytes)} GiB`}
      {gpu.freeMemoryBytes === null ? '' : `, ${formatGib(gpu.freeMemoryBytes)} free`}
      {gpu.isUnified ? ', shared with the system' : ''}
      {gpu.driver === null ? '' : `, driver ${gpu.driver}`}, from {gpu.source}
    </span>
  </>,
];

const facts = ({ cpu, memory, gpus, llama, llamaProblem, os }: Inventory): readonly KeyValue[] => [
  ['Processor', cpu.model],
  [
    'Cores',
    `${cpu.physicalCores} physical, ${cpu.logicalCores} logical, ${cpu.usableCores} usable${
      cpu.performanceCores === null ? '' : `, ${cpu.performanceCores} performance cores`
    }`,
  ],
  [
    'Clock',
    <>
      {known(cpu.baseClockMhz, 'the system does not tell the base clock', 'MHz')} base,{' '}
      {known(cpu.maxClockMhz, 'the system does not tell the highest clock', 'MHz')} highest
    </>,
  ],
  [
    'L3 cache',
    cpu.l3CacheBytes === null ? (
      <Unknown reason="the system does not tell the cache" />
    ) : (
      `${formatGib(cpu.l3CacheBytes)} GiB`
    ),
  ],
  ['Used by llama.cpp', cpu.features.length === 0 ? 'no special instructions' : cpu.features.join(', ')],
  [
    'Memory',
    <>
      {formatGib(memory.totalBytes)} GiB, {known(memory.kind, 'the firmware does not tell the kind')}{' '}
      {known(memory.speedMtps, 'the firmware does not tell the speed', 'MT/s')}
    </>,
  ],
  [
    'Swap',
    memory.swapTotalBytes === null ? (
      <Unknown reason="the system does not tell" />
    ) : (
      `${formatGib(memory.swapTotalBytes)} GiB`
    ),
  ],
  ...(gpus.length === 0
    ? [['GPU', <Unknown key="gpu" reason="no GPU was found; models run on the processor" />] as const]
    : gpus.map(gpuFacts)),
  [
    'llama.cpp',
    llama === null ? (
      <Unknown reason={llamaProblem ?? 'the device probe gave no answer'} />
    ) : (
      `${llama.llamaCppRelease}, backend ${llama.backend} of ${llama.supportedBackends.join(', ')}`
    ),
  ],
  ['System', `${os.name} ${os.release}, ${os.arch}`],
];

/** What was found, and what could not be. */
export const InventoryView = ({ inventory }: { readonly inventory: Inventory }) => (
  <KeyValues items={facts(inventory)} />
);

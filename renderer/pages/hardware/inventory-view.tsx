import type { ReactNode } from 'react';
import type { Gpu, Inventory } from '../../../shared/contract/hardware.ts';
import { formatFigure, formatGib } from '../../../shared/units/format.ts';
import { KeyValues, type KeyValue } from '../../ui/key-values.tsx';

const clockPart = (mhz: number | null, name: string, reason: string): ReactNode => (
  <>
    {formatFigure(mhz)} MHz {name} <span className="muted">({reason})</span>
  </>
);

/** Clocks in words: a virtual machine tells neither, many systems only the highest. */
const clock = ({ baseClockMhz, maxClockMhz }: Inventory['cpu']): ReactNode => {
  if (baseClockMhz === null && maxClockMhz === null)
    return <span className="muted">not told by the system, as is usual in a virtual machine</span>;
  if (maxClockMhz === null)
    return clockPart(baseClockMhz, 'base', 'the system does not tell the highest clock');
  if (baseClockMhz === null)
    return clockPart(maxClockMhz, 'highest', 'the system does not tell the base clock');
  return `${formatFigure(baseClockMhz)} MHz base, ${formatFigure(maxClockMhz)} MHz highest`;
};

const memoryFacts = ({ totalBytes, availableBytes, kind, speedMtps }: Inventory['memory']): ReactNode => (
  <>
    {formatGib(totalBytes)} GiB{kind === null ? '' : ` ${kind}`}
    {speedMtps === null ? '' : ` at ${formatFigure(speedMtps)} MT/s`}
    <br />
    <span className="muted">
      {formatGib(availableBytes)} GiB free when looked at
      {kind === null || speedMtps === null ? '; the firmware does not tell kind and speed' : ''}
    </span>
  </>
);

const llamaFacts = (llama: NonNullable<Inventory['llama']>): ReactNode => (
  <>
    {llama.llamaCppRelease}, backend {llama.backend} of {llama.supportedBackends.join(', ')}
    <br />
    <span className="muted">
      {llama.deviceNames.length === 0 ? 'no device but the CPU' : llama.deviceNames.join(', ')}
      {llama.vram === null
        ? ''
        : `; ${formatGib(llama.vram.freeBytes)} of ${formatGib(llama.vram.totalBytes)} GiB video memory free`}
      ; {llama.cpuMathCores} cores for math
    </span>
  </>
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
  ['Clock', clock(cpu)],
  [
    'L3 cache',
    cpu.l3CacheBytes === null
      ? 'not told by this system'
      : `${formatFigure(cpu.l3CacheBytes / 1024 ** 2)} MiB`,
  ],
  ['Used by llama.cpp', cpu.features.length === 0 ? 'no special instructions' : cpu.features.join(', ')],
  ['Memory', memoryFacts(memory)],
  [
    'Swap',
    memory.swapTotalBytes === null
      ? 'not told by this system'
      : memory.swapTotalBytes === 0
        ? 'none'
        : `${formatGib(memory.swapTotalBytes)} GiB`,
  ],
  ...(gpus.length === 0 ? [['GPU', 'none found; models run on the processor'] as const] : gpus.map(gpuFacts)),
  [
    'llama.cpp',
    llama === null ? `not probed: ${llamaProblem ?? 'the device probe gave no answer'}` : llamaFacts(llama),
  ],
  ['System', `${os.name} ${os.release}, ${os.arch}`],
];

/** What was found, and what could not be. */
export const InventoryView = ({ inventory }: { readonly inventory: Inventory }) => (
  <KeyValues items={facts(inventory)} />
);

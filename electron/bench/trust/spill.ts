import type { EngineFacts } from '../../../shared/contract/engine.ts';
import type { TelemetrySample } from '../../../shared/contract/hardware.ts';
import { formatGib } from '../../../shared/units/format.ts';
import type { TimeSpan } from './time-span.ts';
import { above, percent, type TrustReason } from './reason.ts';

/** Less than this is other programs' housekeeping. */
const swapBytes = 2 ** 20;
/** From here on a card has nothing left to give. */
const fullShare = 0.98;

/** Swap in use grew while it was measured; red when a whole repetition ran after it began. */
export const swapReasons = (
  telemetry: readonly TelemetrySample[],
  spans: readonly TimeSpan[],
): readonly TrustReason[] => {
  const fromMs = spans.at(0)?.fromMs ?? Infinity;
  const toMs = spans.at(-1)?.toMs ?? -Infinity;
  const used = telemetry.flatMap(({ atMs, memory: { swapUsedBytes } }) =>
    swapUsedBytes === null || atMs < fromMs || atMs > toMs ? [] : [{ atMs, bytes: swapUsedBytes }],
  );
  const before = used[0]?.bytes ?? 0;
  const began = used.find(({ bytes }) => bytes - before > swapBytes);
  if (began === undefined) return [];
  const grown = formatGib(Math.max(...used.map(({ bytes }) => bytes)) - before);
  const after = spans.filter((span) => span.fromMs >= began.atMs).length;
  return [
    {
      level: after > 0 ? 'red' : 'amber',
      signal: 'swap',
      message:
        after > 0
          ? `The machine swapped out ${grown} GiB, and ${after} of ${spans.length} repetitions were measured after that began.`
          : `The machine swapped out ${grown} GiB while it was measured.`,
    },
  ];
};

interface VideoMemory {
  readonly usedBytes: number;
  readonly totalBytes: number;
}

/** Over all cards; nothing where one does not tell, or shares the main memory. */
const videoMemory = ({ gpus }: TelemetrySample): VideoMemory | undefined => {
  let usedBytes = 0;
  let totalBytes = 0;
  for (const { memoryUsedBytes, memoryTotalBytes } of gpus) {
    if (memoryUsedBytes === null || memoryTotalBytes === null) return undefined;
    usedBytes += memoryUsedBytes;
    totalBytes += memoryTotalBytes;
  }
  return totalBytes === 0 ? undefined : { usedBytes, totalBytes };
};

/**
 * Video memory while layers ran on a GPU. No driver says how much it moved to the main memory (NVIDIA's on Windows does
 * so silently), so a spill is derived: more was loaded than had been free, and the cards are full. Full cards alone are
 * a remark. Growth while measured is another program's: an engine takes all of its own when it loads.
 * @param before the last reading before models were loaded
 */
export const videoMemoryReasons = (
  before: TelemetrySample | undefined,
  during: readonly TelemetrySample[],
  { gpuLayers, memory }: Pick<EngineFacts, 'gpuLayers' | 'memory'>,
): readonly TrustReason[] => {
  if (gpuLayers === 0) return [];
  const seen = during.flatMap((sample) => videoMemory(sample) ?? []);
  const [first] = seen;
  if (first === undefined) return [];
  const most = Math.max(...seen.map(({ usedBytes }) => usedBytes));
  const idle = before === undefined ? undefined : videoMemory(before);
  const freeBytes = idle === undefined ? Infinity : idle.totalBytes - idle.usedBytes;
  const takenBytes = memory.modelVramBytes + memory.contextVramBytes;
  const fill = most / first.totalBytes;
  const spill: readonly TrustReason[] =
    fill <= fullShare
      ? []
      : takenBytes > freeBytes
        ? [
            {
              level: 'red',
              signal: 'vram-spill',
              message: `The engine took ${formatGib(takenBytes)} GiB of video memory where ${formatGib(freeBytes)} GiB were free: the rest lies in the slow main memory.`,
            },
          ]
        : [
            {
              level: 'amber',
              signal: 'vram-spill',
              message: `The video memory was ${percent(fill)} full, so a part may lie in the slow main memory; the driver does not tell.`,
            },
          ];
  return [
    ...spill,
    ...above(
      'foreign-gpu-memory-during',
      most - first.usedBytes,
      { amber: 200e6, red: Infinity },
      (bytes) =>
        `Video memory in use grew by ${formatGib(bytes)} GiB while it was measured: another program took it.`,
    ),
  ];
};

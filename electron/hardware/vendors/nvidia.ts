import { known, unknown, type Reading } from '../reading.ts';

/**
 * nvidia-smi's CSV. It writes `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[Insufficient Permissions]` or `ERR!`
 * where a card has no answer, and refuses the whole query when its driver does not know one field. Pure.
 */

/** What is asked, in this order. The alternatives of a field are its older names. */
export const nvidiaFields = [
  ['index'],
  ['uuid'],
  ['name'],
  ['driver_version'],
  ['mig.mode.current'],
  ['memory.total'],
  ['memory.used'],
  ['memory.free'],
  ['utilization.gpu'],
  ['temperature.gpu'],
  ['power.draw'],
  ['clocks.current.graphics', 'clocks.gr'],
  ['clocks.current.memory', 'clocks.mem'],
  ['fan.speed'],
  // renamed with driver 535; the old name is deprecated
  ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'],
] as const;

/** Names of the fields of one query; those a driver refused are gone or replaced by their older name. */
export type NvidiaQuery = readonly string[];

export const firstNvidiaQuery: NvidiaQuery = nvidiaFields.map(([name]) => name);

/** The query without the field that nvidia-smi refused; `undefined` when the output is no such refusal. */
export const withoutRefusedField = (query: NvidiaQuery, output: string): NvidiaQuery | undefined => {
  const refused = /Field "([^"]+)" is not a valid field/.exec(output)?.[1];
  if (refused === undefined || !query.includes(refused)) return undefined;
  const names: readonly string[] = nvidiaFields.find((each) => each.some((name) => name === refused)) ?? [];
  const older = names[names.indexOf(refused) + 1];
  return query.flatMap((name) => (name === refused ? (older ?? []) : name));
};

export const nvidiaArguments = (query: NvidiaQuery, loopMs?: number): readonly string[] => [
  `--query-gpu=${query.join(',')}`,
  '--format=csv,noheader,nounits',
  ...(loopMs === undefined ? [] : [`--loop-ms=${loopMs}`]),
];

export interface NvidiaGpu {
  /** `nvidia:` and the UUID, or the index where no UUID is told. */
  readonly id: string;
  readonly name: string;
  readonly driver: string | null;
  readonly isMig: boolean;
  /** Shares the machine's memory and so has no memory of its own to tell (GB10, Jetson). */
  readonly isUnified: boolean;
  readonly memoryTotalBytes: Reading;
  readonly memoryUsedBytes: Reading;
  readonly memoryFreeBytes: Reading;
  readonly utilizationPercent: Reading;
  readonly temperatureC: Reading;
  readonly powerWatts: Reading;
  readonly coreClockMhz: Reading;
  readonly memoryClockMhz: Reading;
  readonly fanPercent: Reading;
  readonly throttleReasons: Reading<string[]>;
}

/** Bits of NVML's clocks event reasons. Idle (1) and application clocks (2) limit nothing by themselves. */
const throttleBits: readonly (readonly [bigint, string])[] = [
  [0x4n, 'power cap'],
  [0x8n, 'hardware slowdown'],
  [0x10n, 'sync boost'],
  [0x20n, 'software thermal slowdown'],
  [0x40n, 'hardware thermal slowdown'],
  [0x80n, 'power brake'],
  [0x100n, 'display clocks'],
];

const SOURCE = 'nvidia-smi';
const MIB = 2 ** 20;

/** Names of the throttle reasons in a mask like `0x0000000000000004`; `undefined` for anything else. */
export const parseThrottleMask = (text: string): string[] | undefined => {
  if (!/^0x[0-9a-f]+$/i.test(text)) return undefined;
  const mask = BigInt(text);
  return throttleBits.filter(([bit]) => (mask & bit) !== 0n).map(([, name]) => name);
};

const isSilent = (text: string): boolean => text === '' || /^(\[.*\]|N\/A|ERR!|Unknown Error)$/i.test(text);

/** One line of the CSV; `undefined` for blank lines, messages and lines that were cut off. */
export const parseNvidiaLine = (line: string, query: NvidiaQuery): NvidiaGpu | undefined => {
  const cells = line.split(',').map((cell) => cell.trim());
  if (cells.length !== query.length || !/^\d+$/.test(cells[0] ?? '')) return undefined;
  const cellOf = (field: string): string => {
    const names: readonly string[] = nvidiaFields.find((each) => each[0] === field) ?? [];
    return cells[query.findIndex((name) => names.includes(name))] ?? '[field unknown to this driver]';
  };
  const isMig = cellOf('mig.mode.current') === 'Enabled';
  const why = (text: string): string =>
    `nvidia-smi says ${text === '' ? 'nothing' : text}${isMig ? '; with MIG on it tells nothing for the whole card' : ''}`;
  const number = (field: string, scale = 1): Reading => {
    const text = cellOf(field);
    const value = Number(text.replace(/ (MiB|W|MHz|%)$/, ''));
    return isSilent(text) || !Number.isFinite(value) ? unknown(why(text)) : known(value * scale, SOURCE);
  };
  const throttleText = cellOf('clocks_event_reasons.active');
  const throttleReasons = parseThrottleMask(throttleText);
  const name = cellOf('name');
  const uuid = cellOf('uuid');
  const driver = cellOf('driver_version');
  const memoryTotalBytes = number('memory.total', MIB);
  return {
    id: `nvidia:${isSilent(uuid) ? cellOf('index') : uuid}`,
    name: isSilent(name) ? 'NVIDIA GPU' : name,
    driver: isSilent(driver) ? null : driver,
    isMig,
    isUnified: memoryTotalBytes.value === null && !isMig && /GB10|Thor|Orin|Xavier/.test(name),
    memoryTotalBytes,
    memoryUsedBytes: number('memory.used', MIB),
    memoryFreeBytes: number('memory.free', MIB),
    utilizationPercent: number('utilization.gpu'),
    temperatureC: number('temperature.gpu'),
    powerWatts: number('power.draw'),
    coreClockMhz: number('clocks.current.graphics'),
    memoryClockMhz: number('clocks.current.memory'),
    fanPercent: number('fan.speed'),
    throttleReasons:
      throttleReasons === undefined ? unknown(why(throttleText)) : known(throttleReasons, SOURCE),
  };
};

/** What stands in the way of nvidia-smi and the next step, read from its messages; `undefined` when it reports cards. */
export const readNvidiaProblem = (
  output: string,
): { readonly found: string; readonly fix: string } | undefined => {
  const text = output.trim();
  if (/version mismatch/i.test(text))
    return {
      found:
        'The NVIDIA driver was updated while the old one is still loaded (driver/library version mismatch).',
      fix: 'Restart the computer.',
    };
  if (/Failed to initialize NVML: Unknown Error/i.test(text))
    return {
      found: 'The NVIDIA library cannot reach the driver (NVML: Unknown Error).',
      fix: 'In a container: it lost the GPU, as after `systemctl daemon-reload` on the host; start the container anew. Else restart the computer.',
    };
  if (/Unable to determine the device handle|GPU is lost/i.test(text))
    return {
      found: `A card does not answer the driver: ${text.split('\n').at(0) ?? ''}`,
      fix: 'Restart the computer. If it comes again, check the power cables and the cooling of the card, and the kernel log for "Xid" lines.',
    };
  if (/couldn't communicate|NVIDIA-SMI has failed/i.test(text))
    return {
      found: 'nvidia-smi cannot reach the NVIDIA driver.',
      fix: 'Install or reinstall the NVIDIA driver for the running kernel, then restart. With Secure Boot on, the module must be signed.',
    };
  if (/Insufficient Permissions/i.test(text) && !/^\d+,/m.test(text))
    return {
      found: 'The NVIDIA driver refuses this user (Insufficient Permissions).',
      fix: 'Give this user access to /dev/nvidia*, e.g. by adding it to the group that owns them.',
    };
  if (/No devices were found/i.test(text))
    return {
      found: 'The NVIDIA driver is loaded but finds no card.',
      fix: 'Check power cables and seating of the card, and the kernel log for "NVRM" lines.',
    };
  return undefined;
};

import type { GpuVendor } from '../vendors/pci.ts';
import type { CoreTimes } from '../vendors/cpu.ts';
import type { Reading } from '../reading.ts';

/** Something that can be asked for numbers again and again. Starting and stopping it is its own matter. */
export interface Probe<Readings> extends Disposable {
  read(): Promise<Readings>;
}

export interface CpuReadings {
  readonly utilizationPercent: Reading;
  readonly perCorePercent: Reading<number[]>;
  readonly clockMhz: Reading;
  readonly temperatureC: Reading;
  readonly packagePowerWatts: Reading;
  readonly packageEnergyJoules: Reading;
}

export interface MemoryReadings {
  readonly totalBytes: number;
  readonly availableBytes: number;
  readonly source: string;
  readonly swapUsedBytes: Reading;
  readonly pressurePercent: Reading;
}

export interface PressureReadings {
  readonly cpuPercent: Reading;
  readonly memoryPercent: Reading;
  readonly ioPercent: Reading;
}

export interface GpuReadings {
  readonly id: string;
  readonly vendor: GpuVendor;
  readonly isUnified: boolean;
  readonly utilizationPercent: Reading;
  readonly memoryUsedBytes: Reading;
  readonly memoryTotalBytes: Reading;
  readonly temperatureC: Reading;
  readonly powerWatts: Reading;
  /** Where the board has a counter. */
  readonly energyJoules?: Reading;
  readonly coreClockMhz: Reading;
  readonly memoryClockMhz: Reading;
  readonly fanPercent: Reading;
  readonly throttleReasons: Reading<string[]>;
}

/** What the worker's own runtime tells without asking a file: the only numbers every platform has. */
export interface MachineCounters {
  cores(): readonly CoreTimes[];
  totalMemoryBytes(): number;
  freeMemoryBytes(): number;
  /** Logical CPUs this process may use. */
  availableParallelism(): number;
  /** CPU seconds this process used so far. */
  ownCpuSeconds(): number;
}

import type { Inventory } from '../../../shared/contract/hardware.ts';
import type { MachineFacts } from '../facts/machine-facts.ts';
import type { PowerState } from '../power.ts';
import type { Reading } from '../reading.ts';
import type { GpuMemoryHolder } from '../vendors/nvidia-processes.ts';

/** What the face that asks knows and hardware does not. */
export interface DoctorExtra {
  /** Where Dyno keeps its data. */
  readonly dataFolder: string;
  /** Electron's executable; `null` when it is not there. */
  readonly electronPath: string | null;
  /** A Chrome, Chromium, Edge or Firefox; `null` when none was found. */
  readonly browserPath: string | null;
  /** Processes of Dyno, whose load is not "other load". */
  readonly ownPids: readonly number[];
}

/** Everything the checks judge, gathered before; the checks themselves are pure. */
export interface DoctorEvidence {
  readonly inventory: Inventory;
  readonly facts: MachineFacts;
  readonly extra: DoctorExtra;
  readonly nodeVersion: string;
  readonly electronVersion: string | undefined;
  readonly power: PowerState;
  readonly otherLoadPercent: Reading;
  readonly swapUsedBytes: number | null;
  /** Programs that hold memory of a GPU, Dyno's own among them. */
  readonly gpuMemoryHolders: Reading<readonly GpuMemoryHolder[]>;
  /** Free bytes where the data folder lies; `null` with the reason in `dataFolderProblem`. */
  readonly freeDiskBytes: number | null;
  /** Why the data folder cannot be written, `null` when it can. */
  readonly dataFolderProblem: string | null;
  /** Shared libraries that llama.cpp's backends load, by name; `null` where they cannot be looked up. */
  readonly libraries: ReadonlySet<string> | null;
  /** Installed Vulkan drivers (manifests); `null` where they cannot be looked up. */
  readonly vulkanDrivers: readonly string[] | null;
  /** Render nodes this user may not open. */
  readonly closedRenderNodes: readonly string[];
}

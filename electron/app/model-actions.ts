import type { Inventory } from '../../shared/contract/hardware.ts';
import type { Hardware } from '../hardware/index.ts';
import { estimateMemoryFit, quantTypes, type Inspector, type MemoryLedger } from '../models/index.ts';
import type { Ports } from '../platform/ports.ts';
import type { Features } from './features.ts';
import { mergeSettings } from './merge-settings.ts';
import type { ScannedLibrary } from './scan-first.ts';
import type { SettingsKeeper } from './settings.ts';

/** A window waits this long for the first scan; what a slower one finds arrives as events. */
const listWaitMs = 1000;

const hasGpu = ({ gpus }: Inventory): boolean => gpus.length > 0;

interface Options {
  readonly ports: Pick<Ports, 'clock' | 'host'>;
  readonly library: ScannedLibrary;
  readonly hardware: Hardware;
  readonly inspector: Inspector;
  readonly settings: SettingsKeeper;
  readonly memory: MemoryLedger;
}

/** The library as the contract offers it, with what takes the machine into account. */
export const modelActions = (options: Options): Features['models'] => {
  const { library, hardware, inspector, settings, memory } = options;
  const { clock, host } = options.ports;
  return {
    list: async (signal) => {
      const patience = new AbortController();
      const enough = clock.sleep(listWaitMs, AbortSignal.any([patience.signal, signal]));
      await Promise.race([library.ready(), enough]).finally(() => patience.abort());
      return library.list();
    },
    scan: (signal) => library.scan(signal),
    resolve: (idOrPath) => library.resolve(idOrPath),
    inspect: (idOrPath) => library.inspect(idOrPath),
    importFile: (path, how) => library.importFile(path, how),
    remove: (idOrPath, how) => library.remove(idOrPath, how),
    memoryHistory: () => memory.history(),
    quantTypes: () => quantTypes,
    fit: async (idOrPath, patch, signal) => {
      const details = await library.inspect(idOrPath);
      // probed anew: on a card, what other programs hold changes by the minute
      const { llama } = await hardware.inventory({
        refresh: hasGpu(await hardware.inventory({ signal })),
        signal,
      });
      const { engine, modelEngine } = settings.get();
      const wished = mergeSettings(engine, modelEngine[details.id] ?? {}, patch);
      const vram = llama?.vram ?? undefined;
      return estimateMemoryFit(
        { inspector, host, vram, memory, backend: llama?.backend },
        details.path,
        details,
        wished,
        signal,
      );
    },
  };
};

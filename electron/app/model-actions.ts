import type { ManagedEnginePool } from '../engine/index.ts';
import { quantTypes, type MemoryLedger } from '../models/index.ts';
import type { Ports } from '../platform/ports.ts';
import type { Features } from './features.ts';
import type { MemoryScale } from './memory-scale.ts';
import { mergeSettings } from './merge-settings.ts';
import type { ScannedLibrary } from './scan-first.ts';
import type { SettingsKeeper } from './settings.ts';

/** A window waits this long for the first scan; what a slower one finds arrives as events. */
const listWaitMs = 1000;

interface Options {
  readonly ports: Pick<Ports, 'clock'>;
  readonly library: ScannedLibrary;
  readonly scale: MemoryScale;
  readonly promised: ManagedEnginePool['promised'];
  readonly settings: SettingsKeeper;
  readonly memory: MemoryLedger;
}

/** The library as the contract offers it, with what takes the machine into account. */
export const modelActions = (options: Options): Features['models'] => {
  const { library, scale, promised, settings, memory } = options;
  const { clock } = options.ports;
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
      const { engine, modelEngine } = settings.get();
      const wished = mergeSettings(engine, modelEngine[details.id] ?? {}, patch);
      return scale.fit(details, wished, await promised(signal), signal);
    },
  };
};

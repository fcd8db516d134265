import { createModelLibrary, type ModelLibrary } from '../../electron/models/library.ts';
import { settingsSchema } from '../../shared/contract/settings.ts';
import type { EventBody } from '../../shared/events/events.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createFakeFiles, type FakeFiles } from './fake-files.ts';
import { createFakeHost } from './fake-host.ts';
import { createFakeLog } from './fake-log.ts';
import { createFakeModelStore } from './fake-model-store.ts';
import { writeTinyModel } from './gguf-fixtures.ts';

/** A library over a disk in memory, with what surrounds it; `open` again is a restart. */
export interface LibraryBench {
  readonly files: FakeFiles;
  readonly clock: FakeClock;
  readonly events: EventBody[];
  /** Paths an engine holds. */
  readonly inUse: Set<string>;
  /** While true, nothing is hashed in the background. */
  readonly measuring: { isBusy: boolean };
  /** What the library remembers. */
  readonly store: ReturnType<typeof createFakeModelStore>;
  open(): ModelLibrary;
}

/** The disk holds one model, `demo`, where the bundled one lies. `/user` is a folder of the settings. */
export const createLibraryBench = async (): Promise<LibraryBench> => {
  const files = createFakeFiles();
  const clock = createFakeClock();
  const store = createFakeModelStore();
  const events: EventBody[] = [];
  const inUse = new Set<string>();
  const measuring = { isBusy: true };
  await writeTinyModel('/app/model/demo.gguf', { type: 'F16', name: 'Demo' }, files);
  return {
    files,
    clock,
    events,
    inUse,
    measuring,
    store,
    open: () =>
      createModelLibrary({
        files,
        clock,
        log: createFakeLog(),
        host: createFakeHost(),
        folders: { data: '/data', models: '/data/models', resources: '/app' },
        store,
        settings: () => settingsSchema.parse({ modelFolders: ['/user'] }),
        publish: (event) => void events.push(event),
        isInUse: (path) => inUse.has(path),
        isBusy: () => measuring.isBusy,
      }),
  };
};

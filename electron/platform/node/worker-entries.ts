import { join } from 'node:path';
import type { WorkerKind } from '../ports.ts';

const sources: Readonly<Record<WorkerKind, string>> = {
  engine: 'electron/engine/host/main.ts',
  inspector: 'electron/engine/inspector/main.ts',
  driver: 'electron/bench/driver/main.ts',
  telemetry: 'electron/hardware/telemetry-main.ts',
};

/** Entry files in the source tree, which Node runs by type stripping. `root` is the repository. */
export const sourceEntries =
  (root: string) =>
  (kind: WorkerKind): string =>
    join(root, sources[kind]);

/** Entry files of the build: `out/children/<kind>.js`. */
export const builtEntries =
  (out: string) =>
  (kind: WorkerKind): string =>
    join(out, 'children', `${kind}.js`);

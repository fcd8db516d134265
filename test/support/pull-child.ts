import { pullModel } from '../../electron/models/download.ts';
import { createNodeClock } from '../../electron/platform/node/clock.ts';
import { createNodeFiles } from '../../electron/platform/node/files.ts';
import { createNodeHttp } from '../../electron/platform/node/http.ts';
import { createFakeHost } from './fake-host.ts';
import { createFakeLog } from './fake-log.ts';

/** A process that pulls `source` into `folder` and does nothing else, so that a test can kill it. */
const [source = '', folder = ''] = process.argv.slice(2);
await pullModel(
  {
    http: createNodeHttp(),
    files: createNodeFiles(),
    clock: createNodeClock(),
    log: createFakeLog(),
    host: createFakeHost(),
    folders: { data: folder, models: folder, resources: folder },
    validate: () => Promise.resolve(),
  },
  { source },
  { signal: new AbortController().signal, onProgress: () => undefined },
);

import { parentPort, workerData } from 'node:worker_threads';
import { openStorage } from '../../electron/storage/index.ts';

/** A thread with a connection of its own: opens the database the moment all the others do. Test-only. */
const { path, gate } = workerData as { path: string; gate: SharedArrayBuffer };
parentPort?.postMessage('ready');
Atomics.wait(new Int32Array(gate), 0, 0);
using storage = openStorage(path);
parentPort?.postMessage(storage.events.lastSeq());

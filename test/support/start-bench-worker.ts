import { parentPort, workerData } from 'node:worker_threads';
import { createHostPulse } from '../../electron/app/host-pulse.ts';
import { createJobRunner } from '../../electron/app/jobs.ts';
import { assertMayRun } from '../../electron/app/measuring-jobs.ts';
import { createNodeClock } from '../../electron/platform/node/clock.ts';
import { createNodeRandom } from '../../electron/platform/node/random.ts';
import { openStorage } from '../../electron/storage/index.ts';
import { toAppError } from '../../shared/errors/app-error.ts';
import { createFakeLog } from './fake-log.ts';

/** A host of its own connection that starts a benchmark the moment all the others do, and goes on until it is ended. */
const { path, gate, pid } = workerData as { path: string; gate: SharedArrayBuffer; pid: number };
const storage = openStorage(path);
const clock = createNodeClock();
const random = createNodeRandom();
const log = createFakeLog();
const pulse = createHostPulse({ clock, random, log, facts: storage.facts, pid, isProcessAlive: () => true });
const jobs = createJobRunner({
  clock,
  random,
  log,
  jobs: storage.jobs,
  facts: storage.facts,
  onLost: (error) => {
    throw error;
  },
  publish: (body) => void storage.events.append(body, clock.nowMs()),
  owner: pulse.owner,
  isAlive: pulse.isAlive,
  assertMayRun,
  atOnce: storage.atOnce,
  definitions: [
    {
      kind: 'bench',
      isPausable: false,
      title: () => 'Benchmark',
      run: () => new Promise<null>(() => undefined),
    },
  ],
});
parentPort?.postMessage('ready');
Atomics.wait(new Int32Array(gate), 0, 0);
try {
  jobs.start('bench', { runId: `run-${pid}` });
  parentPort?.postMessage('started');
} catch (error) {
  parentPort?.postMessage(toAppError(error).code);
}

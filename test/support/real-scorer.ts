import { fileURLToPath } from 'node:url';
import { createScorer } from '../../electron/engine/scoring/create-scorer.ts';
import type { ScoreTask, WindowScore } from '../../electron/engine/scoring/scorer.ts';
import { createNodeClock } from '../../electron/platform/node/clock.ts';
import { createNodeProcesses } from '../../electron/platform/node/processes.ts';
import { sourceEntries } from '../../electron/platform/node/worker-entries.ts';
import type { WorkerHandle } from '../../electron/platform/ports.ts';
import { createFakeLog } from './fake-log.ts';
import { demoModelPath } from './real-inspector.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The bundled held-out text: 91 windows of 512 tokens for the bundled model. */
export const heldOutPath = fileURLToPath(new URL('../../resources/text/heldout.txt', import.meta.url));

/** The scorer with real children, every child it started, and what goes on behind answered calls. */
export const createRealScorer = () => {
  const children: WorkerHandle[] = [];
  const tidying: Promise<unknown>[] = [];
  const real = createNodeProcesses(sourceEntries(root));
  const scorer = createScorer({
    processes: {
      ...real,
      spawnWorker: (kind, options) => {
        const child = real.spawnWorker(kind, options);
        children.push(child);
        return child;
      },
    },
    tidyUp: (work) => void tidying.push(work),
    log: createFakeLog(),
    clock: createNodeClock(),
  });
  return { scorer, children, tidying };
};

/** A task on the CPU: the bundled F16 against files, on the bundled text. */
export const scoreTask = (paths: readonly string[], changes: Partial<ScoreTask> = {}): ScoreTask => ({
  reference: { type: 'model', file: { path: demoModelPath, gpuLayers: 0 }, textPath: heldOutPath },
  candidates: paths.map((path) => ({ file: { path, gpuLayers: 0 }, done: [] })),
  contextSize: 512,
  maxWindows: 2,
  backend: 'cpu',
  useMmap: 'auto',
  threads: { limit: 2, isFixed: false },
  topK: null,
  ...changes,
});

/** Runs a task and gives every candidate's windows. */
export const scoreAll = async (
  scorer: ReturnType<typeof createScorer>,
  task: ScoreTask,
  signal = new AbortController().signal,
): Promise<readonly (readonly WindowScore[])[]> => {
  const windows = task.candidates.map((): WindowScore[] => []);
  await scorer.score(
    task,
    { onOpened: () => undefined, onWindow: (candidate, score) => void windows[candidate]?.push(score) },
    signal,
  );
  return windows;
};

import { describe, expect, test } from 'vitest';
import type { ImatrixTask, Inspector } from '../../../../electron/models/inspector.ts';
import { makeImatrix } from '../../../../electron/models/make-imatrix.ts';
import type { ImatrixInput } from '../../../../shared/contract/imatrix.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { createFakeRandom } from '../../../support/fake-random.ts';
import { createModelDetails } from '../../../support/model-details.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const target = '/data/models/llama-1b-imatrix.gguf';
const judged = '/resources/text/heldout.txt';

const setUp = (input: Partial<ImatrixInput> = {}, error?: AppError) => {
  const files = createFakeFiles({
    '/texts/birds.txt': 'Birds flew.',
    [judged]: 'Judged.',
    '/texts/copy.txt': 'Judged.',
  });
  const abort = new AbortController();
  const tasks: ImatrixTask[] = [];
  const tidying: Promise<unknown>[] = [];
  const collectImatrix: Inspector['collectImatrix'] = async (task, { onProgress, onAbandoned }) => {
    tasks.push(task);
    await files.writeText(task.targetPath, 'GGUF');
    onProgress({ fraction: 0.5, note: 'Chunk 2 of 2' });
    if (error?.code === 'app.cancelled') {
      abort.abort();
      onAbandoned?.(Promise.resolve());
    }
    if (error !== undefined) throw error;
    return { chunkCount: 2, entryCount: 28 };
  };
  const run = () =>
    makeImatrix(
      {
        files,
        clock: createFakeClock(),
        random: createFakeRandom(),
        log: createFakeLog(),
        folders: { data: '/data', models: '/data/models', resources: '/resources' },
        inspector: { collectImatrix },
        readingDevice: () =>
          Promise.resolve({
            backend: 'cpu',
            gpuLayers: 0,
            useMmap: 'auto',
            threads: { limit: 6, isFixed: false },
          }),
        tidyUp: (work) => void tidying.push(work),
      },
      {
        source: createModelDetails({}),
        input: { model: 'llama-1b-f16', text: '/texts/birds.txt', ...input },
      },
      { signal: abort.signal, onProgress: () => undefined },
    );
  const made = async () => {
    await Promise.all(tidying);
    return Object.keys(files.texts()).filter((path) => path.startsWith('/data'));
  };
  return { run, tasks, files, made };
};

describe('makeImatrix', () => {
  test('makes <base>-imatrix.gguf in the models folder, under another name until it is complete', async () => {
    const { run, tasks, made } = setUp({ chunks: 40 });
    expect(await run()).toEqual({ path: target });
    expect(await made()).toEqual([target]);
    expect(tasks).toEqual([
      {
        file: { path: '/models/llama-1b-f16.gguf', gpuLayers: 0 },
        textPath: '/texts/birds.txt',
        targetPath: `${target}.collecting-i_1.part`,
        contextSize: 512,
        maxChunks: 40,
        backend: 'cpu',
        useMmap: 'auto',
        threads: { limit: 6, isFixed: false },
      },
    ]);
  });

  test('refuses the text that quality is judged on, under whatever name', async () => {
    for (const text of [judged, '/texts/copy.txt']) {
      const { run, tasks } = setUp({ text });
      expect((await thrownBy(run)).code).toBe('quality.calibrated-on-text');
      expect(tasks).toEqual([]);
    }
  });

  test('keeps a file that is already there unless told to overwrite it', async () => {
    const { run, files } = setUp();
    files.put(target, 'older');
    expect((await thrownBy(run)).code).toBe('models.exists');
    const again = setUp({ overwrite: true });
    again.files.put(target, 'older');
    expect(await again.run()).toEqual({ path: target });
    expect(again.files.texts()[target]).toBe('GGUF');
  });

  test.each([
    ['a failure', new AppError('models.imatrix-failed')],
    ['an abort', new AppError('app.cancelled')],
  ])('leaves nothing behind after %s', async (_what, error) => {
    const { run, made } = setUp({}, error);
    expect(await thrownBy(run)).toBe(error);
    expect(await made()).toEqual([]);
  });

  test('says which text is missing', async () => {
    expect((await thrownBy(setUp({ text: '/texts/none.txt' }).run)).code).toBe('files.not-found');
  });
});

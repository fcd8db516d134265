import { expect, it } from 'vitest';
import { scanFirst } from '../../../electron/app/scan-first.ts';
import type { ModelLibrary } from '../../../electron/models/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createModelDetails } from '../../support/model-details.ts';
import { thrownBy } from '../../support/thrown-by.ts';

const model = createModelDetails({ id: 'found' });

/** A library that knows its model only after a scan. */
const createFakeLibrary = (failures: AppError[] = []) => {
  const scans: AbortSignal[] = [];
  let hasScanned = false;
  const known = () => (hasScanned ? [model] : []);
  const resolve = () =>
    hasScanned ? Promise.resolve(model) : Promise.reject(new AppError('models.not-found'));
  const library: ModelLibrary = {
    list: known,
    scan: (signal) => {
      scans.push(signal);
      const failure = failures.shift();
      if (failure !== undefined) return Promise.reject(failure);
      hasScanned = true;
      return Promise.resolve(known());
    },
    resolve,
    inspect: resolve,
    importFile: resolve,
    adopt: resolve,
    remove: () => Promise.resolve({ removed: 'found', deletedFiles: [] }),
    hash: () => Promise.resolve('0'.repeat(64)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { library: scanFirst(library), scans };
};

it('scans once before its first answers, however many are asked for at once', async () => {
  const { library, scans } = createFakeLibrary();
  expect(scans).toHaveLength(0);
  const answers = await Promise.all([
    library.resolve('found'),
    library.inspect('found'),
    library.resolve('x'),
  ]);

  expect(answers.map(({ id }) => id)).toEqual(['found', 'found', 'found']);
  expect(scans).toHaveLength(1);
});

it('takes the scan that is due anyway for the first one asked for, and scans again for the next', async () => {
  const { library, scans } = createFakeLibrary();
  const { signal } = new AbortController();
  await library.scan(signal);
  await library.scan(signal);

  expect(scans).toHaveLength(2);
});

it('tries again at the next question when the first scan failed', async () => {
  const { library } = createFakeLibrary([new AppError('app.internal', 'the disk slept')]);

  expect((await thrownBy(() => library.resolve('found'))).message).toBe('the disk slept');
  expect((await library.resolve('found')).id).toBe('found');
});

it('aborts its scan when it ends', async () => {
  const { library, scans } = createFakeLibrary();
  await library.ready();
  await library[Symbol.asyncDispose]();

  expect(scans[0]?.aborted).toBe(true);
});

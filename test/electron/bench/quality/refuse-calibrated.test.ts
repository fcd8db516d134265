import { expect, test } from 'vitest';
import { refuseCalibrated } from '../../../../electron/bench/quality/refuse-calibrated.ts';
import type { Subject } from '../../../../electron/bench/quality/subjects.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const subject: Subject = {
  path: '/models/river-1b-IQ2_XS-imatrix.gguf',
  facts: {
    modelId: 'river-1b-IQ2_XS-imatrix',
    name: 'River 1B',
    quantization: 'IQ2_XS imatrix',
    sizeBytes: 400,
    bitsPerWeight: 2.6,
    tensorTypes: {},
    sha256: 'f'.repeat(64),
  },
};
const refuse = (calibratedOn: string | null) => () =>
  refuseCalibrated(
    { calibrationTextSha256: () => Promise.resolve(calibratedOn) },
    subject,
    { name: 'birds.txt', sha256: 'a'.repeat(64) },
    new AbortController().signal,
  );

test('a file calibrated on the very text is not judged on it', async () => {
  const error = await thrownBy(refuse('a'.repeat(64)));
  expect([error.code, error.message]).toEqual([
    'quality.calibrated-on-text',
    'river-1b-IQ2_XS-imatrix was calibrated on birds.txt, so it cannot be judged on it.',
  ]);
});

test('a file calibrated on another text, or on none that is known, is', async () => {
  await expect(refuse('b'.repeat(64))()).resolves.toBeUndefined();
  await expect(refuse(null)()).resolves.toBeUndefined();
});

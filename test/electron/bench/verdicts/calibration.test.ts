import { describe, expect, test } from 'vitest';
import { planMakes } from '../../../../electron/bench/make/plan-makes.ts';
import { readCalibration } from '../../../../electron/bench/make/read-calibration.ts';
import { derivedModel } from '../../../../shared/contract/bench-make.ts';
import { benchStartInputSchema, type BenchStartInput } from '../../../../shared/contract/bench.ts';
import { benchModel } from '../../../support/bench-world.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const base = benchModel('F16');
const files = createFakeFiles({
  '/resources/text/heldout.txt': 'Held out.',
  '/texts/birds.txt': 'Birds flew.',
  '/texts/own.txt': 'My own text.',
  '/texts/copy.txt': 'Held out.',
});
const folders = { data: '/data', models: '/data/models', resources: '/resources' };
const read = (input: Partial<BenchStartInput>) =>
  readCalibration(
    { files, folders },
    benchStartInputSchema.parse({ models: [base.id], make: ['Q4_K_M'], ...input }),
  );

describe('the calibration text of a run', () => {
  test('is known by its hash', async () => {
    expect(await read({})).toBeUndefined();
    expect(await read({ imatrixText: '/texts/birds.txt' })).toEqual({
      path: '/texts/birds.txt',
      sha256: await files.sha256('/texts/birds.txt'),
    });
  });

  test.each([
    ['the bundled judge’s', { imatrixText: '/texts/copy.txt' }, 'quality.calibrated-on-text'],
    [
      'the one the run judges on',
      { imatrixText: '/texts/own.txt', judge: { text: '/texts/own.txt', tasks: 'none' } },
      'quality.calibrated-on-text',
    ],
    ['not there', { imatrixText: '/texts/none.txt' }, 'files.not-found'],
    ['given without types to make', { imatrixText: '/texts/birds.txt', make: undefined }, 'app.bad-input'],
  ] as const)('is refused when it is %s', async (_what, input, code) => {
    expect((await thrownBy(() => read(input))).code).toBe(code);
  });
});

test('a file that is to be made with it is named and labelled so, and says the text', async () => {
  const calibration = { path: '/texts/birds.txt', sha256: 'a'.repeat(64) };
  const { makes, models } = await planMakes(base, ['iq2_xs'], () => Promise.resolve(undefined), calibration);
  expect(makes).toEqual([
    {
      type: 'IQ2_XS',
      baseModelId: base.id,
      modelId: 'river-1b-IQ2_XS-imatrix',
      calibration,
      state: { type: 'waiting' },
    },
  ]);
  expect(models.map(({ id, quantization }) => [id, quantization])).toEqual([
    ['river-1b-IQ2_XS-imatrix', 'IQ2_XS imatrix'],
  ]);
});

test('a file made with an importance matrix is never taken for the one without', () => {
  const weighted = benchModel('Q4_K_M', { derivedFrom: base.id, quantization: 'Q4_K_M imatrix' });
  const plain = benchModel('Q4_K_M', { id: 'plain', derivedFrom: base.id });
  expect(derivedModel([weighted], base, 'Q4_K_M')).toBeUndefined();
  expect(derivedModel([weighted, plain], base, 'Q4_K_M')?.id).toBe('plain');
});

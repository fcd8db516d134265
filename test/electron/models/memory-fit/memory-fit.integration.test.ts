import { expect, test } from 'vitest';
import { estimateMemoryFit } from '../../../../electron/models/memory-fit.ts';
import { engineSettingsSchema } from '../../../../shared/contract/models.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { createRealInspector, demoModelPath } from '../../../support/real-inspector.ts';
import { readDetails } from '../../../support/read-details.ts';

const MIB = 2 ** 20;
const never = new AbortController().signal;

test('finds the largest context of the bundled model that fits, and llama.cpp agrees on both sides of it', async () => {
  const { inspector, children } = createRealInspector();
  const details = await readDetails(demoModelPath, { trainedContextLength: 2048 });
  const settings = { ...engineSettingsSchema.parse({ contextSize: 2048 }) };
  // 256 MiB of headroom, and 22 MiB of which weights and buffers take 15 and 1,024 tokens 8
  const freeBytes = (256 + 22) * MIB;
  const host = createFakeHost({ availableMemoryBytes: () => freeBytes });
  const fit = await estimateMemoryFit({ inspector, host }, demoModelPath, details, settings, never);
  expect(children.length).toBeLessThanOrEqual(3);
  expect(fit).toMatchObject({ fits: false, contextSize: 2048, availableRamBytes: 22 * MIB });
  const sizes = [fit.largestContextSize, fit.largestContextSize + 256];
  const [fitting, tooLarge] = await inspector.estimate(demoModelPath, settings, sizes, never);
  expect(fitting?.totalRamBytes).toBeLessThanOrEqual(22 * MIB);
  expect(tooLarge?.totalRamBytes).toBeGreaterThan(22 * MIB);
  expect(fit.advice).toMatch(/^Needs 0\.0\d+ GiB, 0\.0215 GiB free: choose .*a context of [\d,]+/);
});

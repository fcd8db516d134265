import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readInteger } from '../../../../electron/models/gguf/metadata.ts';
import { validateModel } from '../../../../electron/models/gguf/validate.ts';
import { leastKvBytesPerToken } from '../../../../electron/models/least-cache.ts';
import { synthesizeModel } from '../../../../electron/models/synthesize.ts';
import { createNodeFiles } from '../../../../electron/platform/node/files.ts';
import { estimateMemoryFit } from '../../../../electron/models/memory-fit.ts';
import { engineSettingsSchema } from '../../../../shared/contract/models.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { createRealInspector, demoModelPath } from '../../../support/real-inspector.ts';
import { makeHome } from '../../../support/open-app.ts';
import { readDetails } from '../../../support/read-details.ts';

const MIB = 2 ** 20;
const never = new AbortController().signal;

test('knows the cache of a plain model without llama.cpp: to the byte in F16, and never more than the context takes', async () => {
  const { inspector } = createRealInspector();
  const { header } = await validateModel(createNodeFiles(), demoModelPath);
  const read = (name: string): unknown => readInteger(header.metadata, `llama.${name}`);
  for (const types of [
    { kvKeyType: 'F16', kvValueType: 'F16' },
    { kvKeyType: 'Q8_0', kvValueType: 'Q4_0' },
  ] as const) {
    const settings = engineSettingsSchema.parse({ ...types, slots: 2, flashAttention: 'on' });
    const [estimate] = await inspector.estimate(demoModelPath, settings, [1024], never);
    const perToken = leastKvBytesPerToken({ architecture: 'llama', read }, settings);
    const { kvCacheBytes = 0, computeBytes = 0 } = estimate ?? {};
    expect(perToken).toBeGreaterThan(0);
    expect(perToken * 1024 * 2).toBeLessThan(kvCacheBytes + computeBytes);
    // the library's formula for quantized caches counts more than they have
    if (types.kvKeyType === 'F16') expect(perToken * 1024 * 2).toBe(kvCacheBytes);
  }
});

test('never counts more of a windowed model than llama.cpp takes for each token more', async () => {
  await using home = await makeHome();
  const path = join(home.path, 'windowed.gguf');
  await synthesizeModel(createNodeFiles(), { path, shape: 'tiny-gemma3', type: 'F16' });
  const { header } = await validateModel(createNodeFiles(), path);
  const read = (name: string): unknown => readInteger(header.metadata, `gemma3.${name}`);
  const settings = engineSettingsSchema.parse({ slots: 1, flashAttention: 'on' });
  const { inspector } = createRealInspector();
  const [small, large] = await inspector.estimate(path, settings, [4096, 8192], never);
  const perToken = leastKvBytesPerToken({ architecture: 'gemma3', read }, settings);
  expect(perToken).toBeGreaterThan(0);
  const grownTotal = (large?.totalRamBytes ?? 0) - (small?.totalRamBytes ?? 0);
  expect(perToken).toBeLessThanOrEqual(grownTotal / 4096);
  // one layer of six without a window
  expect((large?.kvCacheBytes ?? 0) - (small?.kvCacheBytes ?? 0)).toBe(4096 * perToken);
});

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

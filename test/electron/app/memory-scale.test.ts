import { expect, it } from 'vitest';
import { createMemoryScale } from '../../../electron/app/memory-scale.ts';
import { createMemoryLedger } from '../../../electron/models/index.ts';
import { engineSettingsSchema } from '../../../shared/contract/models.ts';
import { benchInventory } from '../../support/bench-world.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeFacts } from '../../support/fake-facts.ts';
import { createFakeHost } from '../../support/fake-host.ts';
import { createModelDetails } from '../../support/model-details.ts';

const gib = 2 ** 30;

/** A machine with 4 GiB free and a model that llama.cpp estimates at 3. */
const openScale = () =>
  createMemoryScale({
    host: createFakeHost({ availableMemoryBytes: () => 4 * gib }),
    hardware: { inventory: () => Promise.resolve({ ...benchInventory, gpus: [] }) },
    memory: createMemoryLedger(createFakeFacts(), createFakeClock()),
    inspect: (id) => Promise.resolve(createModelDetails({ id })),
    inspector: {
      estimate: (_path, _settings, sizes) =>
        Promise.resolve(
          sizes.map((contextSize) => ({
            contextSize,
            weightsRamBytes: 2 * gib,
            weightsVramBytes: 0,
            kvCacheBytes: gib / 2,
            computeBytes: gib / 2,
            totalRamBytes: 3 * gib,
            totalVramBytes: 0,
            gpuLayers: 0,
          })),
        ),
    },
  });
const adapter = { path: '/style.gguf', scale: 1, sha256: 'aa' };
const load = { path: '/m.gguf', settings: engineSettingsSchema.parse({ contextSize: 1024 }) };
const nothing = { ramBytes: 0, vramBytes: 0 };
const { signal } = new AbortController();

it('counts the adapters of a load in the memory it takes', async () => {
  const scale = openScale();
  const weigh = (bytes: readonly number[]) =>
    scale.weigh(
      { ...load, adapters: bytes.map((sizeBytes) => ({ ...adapter, sizeBytes })) },
      nothing,
      signal,
    );
  expect(await weigh([])).toMatchObject({ ramBytes: 3 * gib, fits: true });
  expect(await weigh([gib, gib])).toMatchObject({ ramBytes: 5 * gib, fits: false });
});

it('looks at a load closer for large adapters alone', async () => {
  const scale = openScale();
  const isTight = (sizeBytes: number) =>
    scale.isTight({ ...load, adapters: [{ ...adapter, sizeBytes }] }, signal);
  expect(await isTight(1)).toBe(false);
  expect(await isTight(2.5 * gib)).toBe(true);
});

import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { createQuality } from '../../../../electron/bench/quality/create-quality.ts';
import { createNodeClock } from '../../../../electron/platform/node/clock.ts';
import { createNodeFiles } from '../../../../electron/platform/node/files.ts';
import { openStorage } from '../../../../electron/storage/index.ts';
import { engineSettingsSchema } from '../../../../shared/contract/models.ts';
import { packInputSchema, qualityInputSchema } from '../../../../shared/contract/quality.ts';
import { createFakeEngine } from '../../../support/fake-engine.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { createFakeRandom } from '../../../support/fake-random.ts';
import { createModelDetails } from '../../../support/model-details.ts';
import { createRealInspector, demoModelPath } from '../../../support/real-inspector.ts';
import { createRealScorer } from '../../../support/real-scorer.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const folder = await mkdtemp(join(tmpdir(), 'dyno-pack-'));
const storage = openStorage(':memory:');
afterAll(async () => {
  storage[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

const files = createNodeFiles();
const quality = createQuality({
  clock: createNodeClock(),
  random: createFakeRandom(),
  log: createFakeLog(),
  host: createFakeHost({ availableParallelism: () => 2 }),
  files,
  folders: { resources: fileURLToPath(new URL('../../../../resources', import.meta.url)) },
  store: storage.quality,
  publish: () => undefined,
  scorer: createRealScorer().scorer,
  engines: createFakeEngine(),
  settings: () => engineSettingsSchema.parse({}),
  resolveModel: (path) => Promise.resolve(createModelDetails({ id: path, path })),
  hashModel: ({ path }) => files.sha256(path),
  validate: () => Promise.resolve(),
  calibrationTextSha256: () => Promise.resolve(null),
  planDevice: () => Promise.resolve({ backend: 'cpu', gpuLayers: 0 }),
  version: '0.1.0',
});
const watching = { signal: new AbortController().signal, onProgress: () => undefined };

test('a pack gives the perplexities of the base itself and a divergence not above its own; a changed byte is found', async () => {
  const candidate = join(folder, 'q2.gguf');
  const quantizing = { sourcePath: demoModelPath, targetPath: candidate, ftype: 10, threads: 2 };
  await createRealInspector().inspector.quantize({ ...quantizing, allowRequantize: false }, watching);
  const out = join(folder, 'demo.pack');
  const judge = async (input: object) => {
    const common = { candidates: [candidate], tasks: 'none', maxWindows: 2 };
    const [id = ''] = await quality.run(qualityInputSchema.parse({ ...common, ...input }), watching);
    return quality.get(id).text;
  };

  const pack = await quality.writePack(
    packInputSchema.parse({ base: demoModelPath, out, maxWindows: 2 }),
    watching,
  );
  const exact = await judge({ base: demoModelPath });
  const bound = await judge({ pack: out });
  expect(bound.ppl.value).toBeCloseTo(exact.ppl.value, 5);
  expect(bound.pplBase.value).toBeCloseTo(exact.pplBase.value, 5);
  expect(bound.sameTop.value).toBe(exact.sameTop.value);
  expect(bound.kld.capturedMass).toBeCloseTo(pack.capturedMass, 6);
  expect(pack.capturedMass).toBeGreaterThan(0.95);
  expect(bound.kld.mean.value).toBeLessThanOrEqual(exact.kld.mean.value);
  expect(bound.kld.mean.value).toBeGreaterThan(0.9 * exact.kld.mean.value);

  const bytes = readFileSync(out);
  const damaged = join(folder, 'damaged.pack');
  await writeFile(damaged, bytes.fill(bytes.readUInt8(10_000) ^ 1, 10_000, 10_001));
  const cut = join(folder, 'cut.pack');
  await writeFile(cut, readFileSync(out).subarray(0, 9000));
  storage.quality.list().forEach(({ id }) => storage.quality.remove(id));
  const codes = [await thrownBy(() => judge({ pack: damaged })), await thrownBy(() => judge({ pack: cut }))];
  expect(codes.map(({ code }) => code)).toEqual(['quality.bad-pack', 'quality.bad-pack']);
});

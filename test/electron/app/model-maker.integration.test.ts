import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createModelMaker } from '../../../electron/app/model-maker.ts';
import { scanFirst } from '../../../electron/app/scan-first.ts';
import { createModelLibrary, validateModel } from '../../../electron/models/index.ts';
import { createNodePorts } from '../../../electron/platform/node/create-ports.ts';
import { sourceEntries } from '../../../electron/platform/node/worker-entries.ts';
import { openStorage } from '../../../electron/storage/index.ts';
import { settingsSchema } from '../../../shared/contract/settings.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { makeHome } from '../../support/open-app.ts';
import { createRealInspector } from '../../support/real-inspector.ts';

const root = join(import.meta.dirname, '../../..');

it('makes a file once, finds it again, takes in what a killed run left, and refuses with a typed error', async () => {
  await using home = await makeHome();
  const folders = { data: home.path, models: join(home.path, 'models'), resources: join(root, 'resources') };
  const real = createNodePorts({
    resources: folders.resources,
    folders,
    log: createFakeLog(),
    entryOf: sourceEntries(root),
  });
  const ports = { ...real, host: { ...real.host, homeFolder: home.path, env: {} } };
  using storage = openStorage(':memory:');
  const readingDevice = () =>
    Promise.resolve({
      backend: 'cpu',
      gpuLayers: 0,
      useMmap: 'auto',
      threads: { limit: 1, isFixed: true },
    } as const);
  const openMaker = () => {
    const library = scanFirst(
      createModelLibrary({
        ...ports,
        store: storage.models,
        settings: () => settingsSchema.parse({}),
        publish: () => undefined,
        isInUse: () => false,
        isBusy: () => true,
      }),
    );
    const validate = async (path: string) => validateModel(ports.files, path);
    const { inspector } = createRealInspector();
    return {
      library,
      maker: createModelMaker({
        ports,
        library,
        inspector,
        validate,
        readingDevice,
        tidyUp: () => undefined,
      }),
    };
  };
  const progress: number[] = [];
  const options = {
    signal: new AbortController().signal,
    onProgress: ({ fraction }: { readonly fraction: number }) => void progress.push(fraction),
  };

  const { library, maker } = openMaker();
  await using _library = library;
  const base = await library.resolve('dyno-demo-4m-f16');
  const path = await maker.freePath(base, 'Q8_0');
  expect(path).toBe(join(folders.models, 'dyno-demo-4m-Q8_0.gguf'));
  const made = await maker.make({ base, type: 'Q8_0', path }, options);
  expect([made.path, made.quantization, made.derivedFrom]).toEqual([path, 'Q8_0', base.id]);
  expect(progress.at(-1)).toBe(1);
  expect((await maker.find(base, 'Q8_0'))?.id).toBe(made.id);
  expect(await maker.freePath(base, 'Q8_0')).toBe(join(folders.models, 'dyno-demo-4m-Q8_0-2.gguf'));

  // a host that died between the last byte and the note in its library
  storage.models.remove(path);
  const next = openMaker();
  await using _next = next.library;
  expect(await next.maker.find(base, 'Q8_0')).toBeUndefined();
  progress.length = 0;
  await next.maker.make({ base, type: 'Q8_0', path }, options);
  expect(progress).toEqual([]);
  expect((await next.maker.find(base, 'Q8_0'))?.path).toBe(path);

  const other = await next.maker.freePath(base, 'IQ1_S');
  await expect(next.maker.make({ base, type: 'IQ1_S', path: other }, options)).rejects.toMatchObject({
    code: 'models.quantize-failed',
  });
  expect(await readdir(folders.models)).toEqual(['dyno-demo-4m-Q8_0.gguf']);

  // with an importance matrix, collected once per base and text; the file is no substitute for the one without
  const text = join(home.path, 'birds.txt');
  await writeFile(
    text,
    Array.from({ length: 120 }, (_, line) => `${line} birds flew over ${line % 7} hills.`).join(' '),
  );
  const calibration = { path: text, sha256: await ports.files.sha256(text) };
  const make = async (type: string) => {
    const order = { base, type, path: await next.maker.freePath(base, type, calibration), calibration };
    return next.maker.make(order, options);
  };
  const weighted = await make('Q2_K_S');
  expect([weighted.id, weighted.quantization]).toEqual(['dyno-demo-4m-Q2_K_S-imatrix', 'Q2_K_S imatrix']);
  await writeFile(text, 'Changed: it would be refused if it were read again.');
  await make('Q8_0');
  expect(await readdir(join(folders.data, 'cache', 'imatrix'))).toHaveLength(1);
  const found = async (type: string, sha256?: string) =>
    (await next.maker.find(base, type, sha256 === undefined ? undefined : { path: text, sha256 }))?.id;
  expect(await found('Q2_K_S', calibration.sha256)).toBe(weighted.id);
  expect(await found('Q2_K_S', 'a'.repeat(64))).toBeUndefined();
  expect(await found('Q2_K_S')).toBeUndefined();
  expect(await found('Q8_0')).toBe('dyno-demo-4m-Q8_0');
  await expect(
    next.maker.make(
      {
        base,
        type: 'Q2_K',
        path: join(folders.models, 'x.gguf'),
        calibration: { path: text, sha256: 'b'.repeat(64) },
      },
      options,
    ),
  ).rejects.toMatchObject({ code: 'app.bad-input' });
});

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { z } from 'zod';
import { createQuality } from '../../../../electron/bench/quality/create-quality.ts';
import type { QualityPorts } from '../../../../electron/bench/quality/ports.ts';
import { openStorage, type Storage } from '../../../../electron/storage/index.ts';
import { engineSettingsSchema } from '../../../../shared/contract/models.ts';
import { packInputSchema, qualityInputSchema } from '../../../../shared/contract/quality.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import type { EventBody } from '../../../../shared/events/events.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeEngine } from '../../../support/fake-engine.ts';
import { createFakeFiles } from '../../../support/fake-files.ts';
import { createFakeHost } from '../../../support/fake-host.ts';
import { createFakeLog } from '../../../support/fake-log.ts';
import { createFakeRandom } from '../../../support/fake-random.ts';
import { createFakeScorer } from '../../../support/fake-scorer.ts';
import { createModelDetails } from '../../../support/model-details.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

const klds: Readonly<Record<string, number>> = { q8: 0.01, q4: 0.1, q2: 0.5 };
const idOf = (path: string): string => path.split('/').at(-1) ?? '';

let storage: Storage;
beforeEach(() => {
  storage = openStorage(':memory:');
});
afterEach(() => storage[Symbol.dispose]());

const createWorld = (changes: Partial<QualityPorts> = {}) => {
  const files = createFakeFiles({
    '/resources/text/heldout.txt': 'A text.',
    '/resources/text/heldout-tasks.jsonl': '{"messages":[{"role":"user","content":"1 + 1 ="}],"answer":"2"}',
    '/own.txt': 'Another text.',
  });
  const scorer = createFakeScorer(6, (path) => klds[idOf(path)] ?? 0);
  const engines = createFakeEngine();
  const events: EventBody[] = [];
  const told: string[] = [];
  const ports: QualityPorts = {
    clock: createFakeClock(),
    random: createFakeRandom(),
    log: createFakeLog(),
    host: createFakeHost(),
    files,
    folders: { resources: '/resources' },
    store: storage.quality,
    publish: (event) => void events.push(event),
    scorer,
    engines,
    settings: () => engineSettingsSchema.parse({}),
    resolveModel: (idOrPath) => {
      const id = idOf(idOrPath);
      return Promise.resolve(
        createModelDetails({ id, path: `/models/${id}`, sizeBytes: 1000, isSynthetic: id === 'random' }),
      );
    },
    hashModel: ({ id }) => Promise.resolve(id.padEnd(64, '0').replaceAll(/[^0-9a-f]/g, 'e')),
    validate: () => Promise.resolve(),
    calibrationTextSha256: () => Promise.resolve(null),
    planDevice: () => Promise.resolve({ backend: 'cpu', gpuLayers: 0 }),
    version: '0.1.0',
    ...changes,
  };
  const notes: string[] = [];
  const watching = (signal = new AbortController().signal) => ({
    signal,
    onProgress: (_fraction: number | null, note: string) => void notes.push(note),
    onResult: (id: string) =>
      void told.push(`${quality.get(id).candidate.modelId} in pass ${scorer.tasks.length}`),
  });
  const quality = createQuality(ports);
  const run = (input: Partial<z.input<typeof qualityInputSchema>>) =>
    quality.run(
      qualityInputSchema.parse({ base: 'f16', candidates: ['q8'], tasks: 'none', ...input }),
      watching(),
    );
  return { quality, run, scorer, engines, events, files, notes, told, watching };
};

test('candidates are read together with one base, and each has a result of its own', async () => {
  const { quality, run, scorer } = createWorld();
  const ids = await run({ candidates: ['q8', 'q2'] });
  expect(scorer.tasks).toHaveLength(1);
  expect(ids.map((id) => quality.get(id).text.kld.mean.value)).toEqual([
    expect.closeTo(0.0125, 5),
    expect.closeTo(0.5025, 5),
  ]);
  expect(quality.get(ids[0] ?? '')).toMatchObject({
    base: { modelId: 'f16' },
    candidate: { modelId: 'q8' },
    text: { n: 6 * 255, kld: { kind: 'exact', capturedMass: 1 }, protocol: { windowCount: 6 } },
    tasks: null,
  });
});

test('a pair that was judged on the same text is not read again, and another text is', async () => {
  const { quality, run, scorer } = createWorld();
  const [first] = await run({});
  expect(await run({ candidates: ['q8', 'q4'] })).toContain(first);
  expect(scorer.tasks.map(({ candidates }) => candidates.map(({ file }) => idOf(file.path)))).toEqual([
    ['q8'],
    ['q4'],
  ]);
  await run({ text: '/own.txt' });
  expect(scorer.tasks).toHaveLength(3);
  expect(quality.list()).toHaveLength(3);
});

test('a file is judged and told as soon as its last window is read, whatever becomes of the others', async () => {
  const { quality, run, scorer, events, told } = createWorld();
  scorer.crashAfter(11); // six windows each, in turns: only the last one of the second file lacks
  const ids = await run({ candidates: ['q8', 'q2'] });
  expect(told).toEqual(['q8 in pass 1', 'q2 in pass 2']);
  expect(events).toEqual(ids.map((resultId) => ({ type: 'quality.judged', resultId })));
  await run({ candidates: ['q8', 'q2'] });
  expect(told).toHaveLength(4); // what is stored is told to whoever asks again
  expect(events).toHaveLength(2);
  expect(quality.list()).toHaveLength(2);
});

test('windows read before a crash are kept, and the next run goes on behind them', async () => {
  const { run, scorer } = createWorld();
  scorer.crashAfter(4);
  expect((await thrownBy(() => run({}))).code).toBe('engine.crashed');
  await run({});
  expect(scorer.tasks.map(({ candidates }) => candidates[0]?.done)).toEqual([[], [0, 1, 2, 3]]);
});

test('a candidate that cannot be judged costs only itself, and the error names it and the results of the others', async () => {
  const { quality, run, scorer } = createWorld();
  scorer.crashOn('/models/q4');
  const failure = await thrownBy(() => run({ candidates: ['q8', 'q4', 'q2'] }));
  expect(failure).toMatchObject({
    code: 'bench.partly-failed',
    message: expect.stringMatching(/^q4 was not judged: /) as string,
    hint: 'The same command does what is missing; the rest is kept.',
  });
  const ids = String(failure.details?.resultIds).split(',');
  expect(ids.map((id) => quality.get(id).candidate.modelId)).toEqual(['q8', 'q2']);
});

test('where no candidate can be judged the error is the first one’s own', async () => {
  const { run, scorer } = createWorld();
  scorer.crashOn('/models/q4');
  scorer.crashOn('/models/q2');
  expect((await thrownBy(() => run({ candidates: ['q4', 'q2'] }))).code).toBe('engine.crashed');
});

test('where memory is short, candidates are read in groups', async () => {
  const host = createFakeHost({ availableMemoryBytes: () => 5000 });
  const { run, scorer } = createWorld({ host });
  await run({ candidates: ['q8', 'q4', 'q2'] });
  expect(scorer.tasks.map(({ candidates }) => candidates.length)).toEqual([2, 1]);
});

test('the base as its own candidate, random weights and a missing text are refused before any work', async () => {
  const { run, scorer } = createWorld();
  const codes = [
    await thrownBy(() => run({ candidates: ['f16'] })),
    await thrownBy(() => run({ candidates: ['random'] })),
    await thrownBy(() => run({ text: '/none.txt' })),
  ].map(({ code }) => code);
  expect(codes).toEqual(['quality.same-model', 'models.synthetic', 'files.not-found']);
  expect(scorer.tasks).toEqual([]);
});

test('who judges later learns at once of a missing text, of missing tasks, and of tasks that are none', async () => {
  const { quality, files } = createWorld();
  await files.writeText('/bad.jsonl', '{"answer":"2"}');
  await quality.checkSources({ text: '/own.txt', tasks: 'bundled' });
  const codes = [
    await thrownBy(() => quality.checkSources({ text: '/none.txt', tasks: 'none' })),
    await thrownBy(() => quality.checkSources({ text: 'bundled', tasks: '/none.jsonl' })),
    await thrownBy(() => quality.checkSources({ text: 'bundled', tasks: '/bad.jsonl' })),
  ].map(({ code }) => code);
  expect(codes).toEqual(['files.not-found', 'files.not-found', 'quality.bad-tasks']);
});

test('tasks are asked of base and candidate once, and added to a result that had none', async () => {
  const { quality, run, engines } = createWorld();
  const [id = ''] = await run({});
  await run({ tasks: 'bundled' });
  expect(quality.get(id).tasks).toMatchObject({ base: { n: 1 }, candidate: { n: 1 }, lost: 0, won: 0 });
  expect(
    engines.loads.map(({ modelId, isExclusive, settings }) => [modelId, isExclusive, settings.slots]),
  ).toEqual([
    ['f16', true, 1],
    ['q8', true, 1],
  ]);
  expect(engines.openCount()).toBe(0);
  await run({ tasks: 'bundled', candidates: ['q8', 'q4'] });
  expect(engines.loads.map(({ modelId }) => modelId)).toEqual(['f16', 'q8', 'q4']);
});

test('a pack stands in for the base: what it gives is labelled a lower bound', async () => {
  const { quality, run, watching, scorer } = createWorld();
  const pack = await quality.writePack(
    packInputSchema.parse({ base: 'f16', out: '/demo.pack', topK: 4 }),
    watching(),
  );
  expect(pack).toMatchObject({ windowCount: 6, topK: 4, capturedMass: expect.closeTo(0.9, 6) as unknown });
  const [id = ''] = await run({ base: undefined, pack: '/demo.pack' });
  expect(scorer.tasks.at(-1)?.reference).toEqual({ type: 'pack', path: '/demo.pack' });
  expect(quality.get(id)).toMatchObject({
    base: { name: 'Llama 1B' },
    text: { kld: { kind: 'lower-bound', capturedMass: 0.9 }, text: { name: 'heldout.txt' } },
    conditions: { baseGpuLayers: null },
    caveats: expect.arrayContaining([expect.stringContaining('lower bounds')]) as unknown,
  });
});

test('a pack whose disk is full leaves nothing behind', async () => {
  const { quality, watching, files } = createWorld();
  files.fail('/demo.pack.part', 'write', new AppError('storage.disk-full'));
  const spec = packInputSchema.parse({ base: 'f16', out: '/demo.pack' });
  expect((await thrownBy(() => quality.writePack(spec, watching()))).code).toBe('storage.disk-full');
  files.fail('/demo.pack.part', 'write', undefined);
  expect(Object.keys(files.texts()).filter((path) => path.includes('demo.pack'))).toEqual([]);
});

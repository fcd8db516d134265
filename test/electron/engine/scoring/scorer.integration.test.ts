import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { textStatistics } from '../../../../electron/bench/quality/text-statistics.ts';
import { readWindow } from '../../../../electron/bench/quality/window-values.ts';
import { synthesizeModel } from '../../../../electron/models/synthesize.ts';
import { createNodeFiles } from '../../../../electron/platform/node/files.ts';
import { createRealInspector, demoModelPath, isAlive } from '../../../support/real-inspector.ts';
import { createRealScorer, scoreAll, scoreTask } from '../../../support/real-scorer.ts';
import { thrownBy } from '../../../support/thrown-by.ts';

/** What llama.cpp's own tool printed for the same files and windows; the fixture has the commands. */
const tool = z
  .object({ windows: z.number(), printed: z.record(z.string(), z.record(z.string(), z.number())) })
  .parse(
    JSON.parse(
      readFileSync(new URL('../../../fixtures/quality/llama-perplexity.json', import.meta.url), 'utf8'),
    ),
  );

const types = [
  ['Q8_0', 7],
  ['Q4_K_M', 15],
  ['Q2_K', 10],
] as const;

const { scorer, children, tidying } = createRealScorer();
const { inspector } = createRealInspector();
const files = createNodeFiles();
let folder: string;
const pathOf = (type: string): string => join(folder, `${type}.gguf`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dyno-scorer-'));
  for (const [type, ftype] of types) {
    await inspector.quantize(
      {
        sourcePath: demoModelPath,
        targetPath: pathOf(type),
        ftype,
        threads: 2,
        allowRequantize: false,
      },
      { signal: new AbortController().signal, onProgress: () => undefined },
    );
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('perplexity, divergence and the rest are those of llama.cpp’s perplexity tool', async () => {
  const task = scoreTask(
    types.map(([type]) => pathOf(type)),
    { maxWindows: tool.windows },
  );
  const scored = await scoreAll(scorer, task);
  for (const [index, [type]] of types.entries()) {
    const printed = tool.printed[type] ?? {};
    const figure = (name: string): number => printed[name] ?? NaN;
    const own = textStatistics((scored[index] ?? []).map(readWindow), 'exact');
    const within = (value: number, name: string, share: number, least = 0): void => {
      const expected = figure(name);
      expect(Math.abs(value - expected), `${type} ${name}: ${value} against ${expected}`).toBeLessThanOrEqual(
        Math.max(share * Math.abs(expected), least),
      );
    };
    within(own.ppl.value, 'ppl', 0.001);
    within(own.pplBase.value, 'pplBase', 0.001);
    within(own.ppl.tokenStandardError, 'pplError', 0.02);
    within(own.kld.mean.value, 'meanKld', 0.02, 1e-4);
    within(own.kld.mean.tokenStandardError, 'meanKldError', 0.2, 1e-4);
    within(own.logRatio.value, 'logRatio', 0.02, 2e-4);
    within(own.logRatio.tokenStandardError, 'logRatioError', 0.05, 2e-5);
    within(own.kld.median, 'medianKld', 0.05, 2e-5);
    within(own.kld.p90, 'p90Kld', 0.05, 5e-5);
    within(own.kld.p99, 'p99Kld', 0.1, 1e-4);
    within(100 * own.deltaP.rms.value, 'rmsDeltaPPercent', 0.05);
    within(100 * own.sameTop.value, 'sameTopPercent', 0.005);
  }
});

test('windows that are done are not read again', async () => {
  const task = scoreTask([pathOf('Q8_0')], { maxWindows: 4 });
  const [first] = task.candidates;
  const candidates = first === undefined ? [] : [{ ...first, done: [0, 2] }];
  const [windows = []] = await scoreAll(scorer, { ...task, candidates });
  expect(windows.map(({ position }) => position)).toEqual([1, 3]);
});

test('a cancel in the middle of a text ends the child, and what was told stays', async () => {
  const abort = new AbortController();
  const seen: number[] = [];
  const scoring = scorer.score(
    scoreTask([pathOf('Q8_0')], { maxWindows: 91 }),
    {
      onOpened: () => undefined,
      onWindow: (_candidate, { position }) => {
        seen.push(position);
        abort.abort();
      },
    },
    abort.signal,
  );
  expect((await thrownBy(() => scoring)).code).toBe('app.cancelled');
  expect(seen[0]).toBe(0);
  await Promise.all(tidying);
  expect(children.filter(isAlive)).toEqual([]);
});

test('another vocabulary, a short text and a file that is no model are each told as what they are', async () => {
  const other = join(folder, 'other.gguf');
  await synthesizeModel(files, { path: other, shape: 'nano', type: 'F16' });
  const short = join(folder, 'short.txt');
  await writeFile(short, 'A short text.');
  const base = { type: 'model', file: { path: demoModelPath, gpuLayers: 0 }, textPath: short } as const;
  const broken = join(folder, 'broken.gguf');
  await writeFile(broken, 'GGUF and nothing else');
  const codes = await Promise.all(
    [scoreTask([other]), scoreTask([pathOf('Q8_0')], { reference: base }), scoreTask([broken])].map(
      async (task) => (await thrownBy(() => scoreAll(scorer, task))).code,
    ),
  );
  expect(codes).toEqual(['quality.vocabulary-mismatch', 'quality.text-too-short', 'engine.load-failed']);
});

test('weights that are no numbers are told with the file and the window', async () => {
  const damaged = join(folder, 'nan.gguf');
  const bytes = readFileSync(demoModelPath);
  bytes.fill(0xff, bytes.length - 4096); // the last tensor's halves become NaN
  await writeFile(damaged, bytes);
  const error = await thrownBy(() => scoreAll(scorer, scoreTask([damaged])));
  expect(error.code).toBe('quality.not-finite');
  expect(error.message).toContain('window 1');
});

import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadModel } from '../electron/engine/host/llama/load-model.ts';
import { openModelStore } from '../electron/engine/host/prefix-store/open-model-store.ts';
import { randomTokens } from '../electron/engine/host/random-tokens.ts';
import { synthesizeModel } from '../electron/models/synthesize.ts';
import { createNodeFiles } from '../electron/platform/node/files.ts';
import { createNodeRandom } from '../electron/platform/node/random.ts';
import { engineSettingsSchema } from '../shared/contract/models.ts';

/**
 * What the prefix cache's disk tier costs and saves: the prefill of a prompt, writing its state (checksum, description
 * and rename included), and reading it back in a store that was opened anew (checksum included). Without `--model` a
 * Llama-shaped 0.5B Q4_0. The files stay in the system's page cache, as after a restart of the server; a cold disk adds
 * its own read time.
 */
const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    threads: { type: 'string', default: '1' },
    repetitions: { type: 'string', default: '3' },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const lengths = [256, 512, 1024, 2048] as const;
const batchSize = 512;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
const shown = (values: readonly number[]): string => {
  const sorted = values.toSorted((a, b) => a - b);
  return `${median(sorted).toFixed(0)} (${sorted[0]?.toFixed(0) ?? ''}–${sorted.at(-1)?.toFixed(0) ?? ''})`;
};

const measure = async (): Promise<void> => {
  const files = createNodeFiles();
  const random = createNodeRandom();
  const path = options.model ?? `${root}.cache/perf/llama-0.5b-q4_0.gguf`;
  if (!existsSync(path)) await synthesizeModel(files, { path, shape: 'llama-0.5b', type: 'Q4_0' });
  const settings = engineSettingsSchema.parse({ contextSize: 4096, slots: 1, gpuLayers: 0 });
  const loaded = await loadModel(
    {
      type: 'load',
      path,
      settings,
      threadLimit: 1,
      knownThreads: null,
      batchEngine: 'auto',
      checkTensors: false,
      adapters: [],
      prefixCache: null,
    },
    () => undefined,
  );
  const { engine, facts } = loaded;
  engine.setThreads(Number(options.threads));
  const folder = mkdtempSync(join(tmpdir(), 'dyno-prefix-'));
  const open = async () => {
    const place = { folder, limitBytes: 8 * 2 ** 30, model: 'the file measured' };
    const onProblem = (problem: string): void => void process.stderr.write(`${problem}\n`);
    const store = await openModelStore(place, loaded, { files, random, onProblem });
    if (store === undefined) throw new Error('This model keeps no states.');
    return store;
  };
  const timed = async <T>(act: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> => {
    const startMs = performance.now();
    const value = await act();
    return { ms: performance.now() - startMs, value };
  };
  const prefill = async (tokens: Uint32Array): Promise<void> => {
    for (let position = 0; position < tokens.length; position += batchSize) {
      const piece = tokens.subarray(position, position + batchSize);
      const want = position + piece.length === tokens.length ? 'logits' : 'nothing';
      await engine.decode([{ sequence: 0, position, tokens: piece, want }]);
    }
  };

  process.stdout.write(
    `${path}, ${options.threads} thread(s), n ${options.repetitions}: median ms (least–most)\n`,
  );
  process.stdout.write('tokens   state MB   prefill              save                 load\n');
  for (const length of lengths) {
    const took = { prefill: [] as number[], save: [] as number[], load: [] as number[] };
    let stateBytes = 0;
    for (let repetition = 0; repetition < Number(options.repetitions); repetition += 1) {
      const tokens = randomTokens(length, facts.vocabularySize, length + repetition);
      await engine.truncate(0, 0);
      took.prefill.push((await timed(() => prefill(tokens))).ms);
      const store = await open();
      const moment = {
        adapters: '',
        keptTokens: 0,
        msPerPrefillToken: median(took.prefill) / length,
        isBusy: false,
      };
      took.save.push((await timed(() => store.save(0, [...tokens], moment))).ms);
      const [state] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.state'),
      );
      stateBytes = statSync(join(folder, state ?? '')).size;
      const later = await open();
      await engine.truncate(0, 0);
      const load = await timed(() => later.load(0, later.find(tokens, '')?.id ?? ''));
      if (load.value.length !== length) throw new Error('The state was not read.');
      took.load.push(load.ms);
      await later.clear();
    }
    const cells = [took.prefill, took.save, took.load].map((values) => shown(values).padEnd(20));
    process.stdout.write(
      `${String(length).padEnd(8)} ${(stateBytes / 1e6).toFixed(1).padEnd(10)} ${cells.join(' ')}\n`,
    );
  }
  rmSync(folder, { recursive: true });
};

if (process.send === undefined) {
  // the pool's size can only be set from outside, as the app does for its engines
  const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  });
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  await measure();
  process.exit(0); // llama.cpp's threads would keep it
}

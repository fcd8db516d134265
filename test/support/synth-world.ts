import { describeModel } from '../../electron/models/library/describe-model.ts';
import { readGgufHeader, type GgufHeader } from '../../electron/models/gguf/read-header.ts';
import { validateModel } from '../../electron/models/gguf/validate.ts';
import { planSynthesis, synthesizeFile } from '../../electron/models/synth.ts';
import { modelShapes } from '../../electron/models/synthesize/shapes.ts';
import { createNodeHttp } from '../../electron/platform/node/http.ts';
import type { SynthInput, SynthPlan } from '../../shared/contract/synth.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeFiles, type FakeFiles } from './fake-files.ts';
import { createFakeHost } from './fake-host.ts';
import { createFakeLog } from './fake-log.ts';
import { createFakeRandom } from './fake-random.ts';

/** Half a million weights, two layers, and a vocabulary longer than what the header reader keeps. */
export const realShape = { ...modelShapes.nano, blockCount: 2, vocabularySize: 2048 } as const;

export interface SynthWorld {
  readonly files: FakeFiles;
  plan(input: SynthInput): Promise<SynthPlan>;
  make(input: SynthInput, signal?: AbortSignal): Promise<{ path: string; fractions: readonly number[] }>;
  headerOf(path: string): Promise<GgufHeader>;
}

/** What `dyno synth` needs, on a disk in memory and the real network. */
export const createSynthWorld = (env: Readonly<Record<string, string>> = {}): SynthWorld => {
  const files = createFakeFiles();
  const never = new AbortController().signal;
  const ports = {
    files,
    http: createNodeHttp(),
    host: createFakeHost({ env }),
    folders: { data: '/data', models: '/data/models', resources: '/app' },
    clock: createFakeClock(),
    random: createFakeRandom(),
    log: createFakeLog(),
    validate: (path: string) => validateModel(files, path),
    resolve: async (path: string) => {
      const { model } = await describeModel(files, path);
      return { ...model, id: path, source: 'folder' as const, sha256: null, derivedFrom: null };
    },
  };
  return {
    files,
    plan: (input) => planSynthesis(ports, input, never),
    make: async (input, signal = never) => {
      const fractions: number[] = [];
      const { path } = await synthesizeFile(ports, input, {
        signal,
        onProgress: ({ fraction }) => fractions.push(fraction),
      });
      return { path, fractions };
    },
    headerOf: async (path) => {
      await using file = await files.openRead(path);
      return await readGgufHeader(file, path);
    },
  };
};

import { z } from 'zod';
import { imatrixInputSchema } from '../../shared/contract/imatrix.ts';
import { pullInputSchema, quantizeInputSchema } from '../../shared/contract/models.ts';
import { synthInputSchema } from '../../shared/contract/synth.ts';
import type { Bench, LoadRuns, Quality } from '../bench/index.ts';
import {
  discardPull,
  makeImatrix,
  pullModel,
  quantizeModel,
  synthesizeFile,
  type Inspector,
  type ModelLibrary,
  type ReadingDevice,
} from '../models/index.ts';
import type { Ports } from '../platform/ports.ts';
import type { JobDefinition } from './job-definition.ts';
import { qualityJobs } from './quality-jobs.ts';

interface Options {
  readonly ports: Ports;
  readonly library: ModelLibrary;
  readonly inspector: Inspector;
  readonly validate: (path: string) => Promise<unknown>;
  /** Where a model computes that is only read. */
  readonly readingDevice: (path: string, signal: AbortSignal) => Promise<ReadingDevice>;
  readonly tidyUp: (work: Promise<unknown>) => void;
  readonly bench: Pick<Bench, 'get' | 'execute' | 'sweeps'>;
  readonly quality: Pick<Quality, 'run' | 'writePack'>;
  readonly loads: Pick<LoadRuns, 'get' | 'execute'>;
}

const hashInputSchema = z.object({ model: z.string(), givesWay: z.boolean().default(false) });
const benchInputSchema = z.object({ runId: z.string() });
const sweepInputSchema = z.object({ sweepId: z.string() });
const loadInputSchema = z.object({ loadId: z.string() });

const quantizeJob = ({ ports, library, inspector, validate, tidyUp }: Options): JobDefinition => ({
  kind: 'quantize',
  isPausable: false,
  title: (input) => {
    const { model, type } = quantizeInputSchema.parse(input);
    return `Quantize ${lastPart(model)} to ${type}`;
  },
  run: async (raw, { signal, report }) => {
    const input = quantizeInputSchema.parse(raw);
    const source = await library.inspect(input.model);
    const { path } = await quantizeModel(
      { ...ports, inspector, validate, tidyUp },
      { source, input },
      { signal, onProgress: report },
    );
    await library.adopt(path, { source: 'dyno', derivedFrom: source.id });
    return path;
  },
});

const imatrixJob = ({ ports, library, inspector, readingDevice, tidyUp }: Options): JobDefinition => ({
  kind: 'imatrix',
  isPausable: false,
  title: (input) => {
    const { model, text } = imatrixInputSchema.parse(input);
    return `Importance matrix of ${lastPart(model)} on ${lastPart(text)}`;
  },
  run: async (raw, { signal, report }) => {
    const input = imatrixInputSchema.parse(raw);
    const { path } = await makeImatrix(
      { ...ports, inspector, readingDevice, tidyUp },
      { source: await library.inspect(input.model), input },
      { signal, onProgress: report },
    );
    return path;
  },
});

const synthJob = ({ ports, library, validate }: Options): JobDefinition => ({
  kind: 'synth',
  isPausable: false,
  title: (input) => {
    const { source, type } = synthInputSchema.parse(input);
    return `Synthesize ${lastPart(source)}${type === undefined ? '' : ` in ${type}`}`;
  },
  run: async (raw, { signal, report }) => {
    const { path } = await synthesizeFile(
      { ...ports, validate, resolve: library.resolve },
      synthInputSchema.parse(raw),
      { signal, onProgress: report },
    );
    await library.adopt(path, { source: 'dyno', derivedFrom: null });
    return path;
  },
});

const downloadJob = ({ ports, library, validate }: Options): JobDefinition => ({
  kind: 'download',
  isPausable: true,
  title: (input) => `Download ${pullInputSchema.parse(input).source}`,
  run: async (raw, { signal, report }) => {
    const { path } = await pullModel({ ...ports, validate }, pullInputSchema.parse(raw), {
      signal,
      onProgress: report,
    });
    await library.adopt(path, { source: 'dyno', derivedFrom: null });
    return path;
  },
  discard: (raw) => discardPull(ports, pullInputSchema.parse(raw).source),
});

const hashJob = ({ library }: Options): JobDefinition => ({
  kind: 'hash',
  isPausable: false,
  title: (input) => `SHA-256 of ${lastPart(hashInputSchema.parse(input).model)}`,
  run: (raw, { signal, report }) => {
    const { model, givesWay } = hashInputSchema.parse(raw);
    return library.hash(model, {
      signal,
      givesWay,
      onProgress: (fraction) => report({ fraction, note: 'Reading' }),
    });
  },
});

const benchJob = ({ bench }: Options): JobDefinition => ({
  kind: 'bench',
  isPausable: false,
  title: (input) => `Benchmark ${bench.get(benchInputSchema.parse(input).runId).name}`,
  run: async (raw, { signal, report }) => {
    const { runId } = benchInputSchema.parse(raw);
    await bench.execute(runId, {
      signal,
      onProgress: (fraction, etaMs, note) => report({ fraction, etaMs, note }),
    });
    return runId;
  },
});

const sweepJob = ({ bench: { sweeps } }: Options): JobDefinition => ({
  kind: 'sweep',
  isPausable: false,
  title: (input) => `Sweep of ${sweeps.get(sweepInputSchema.parse(input).sweepId).modelId}`,
  run: async (raw, { signal, report }) => {
    const { sweepId } = sweepInputSchema.parse(raw);
    await sweeps.execute(sweepId, { signal, onProgress: report });
    return sweepId;
  },
});

const loadJob = ({ loads }: Options): JobDefinition => ({
  kind: 'load',
  isPausable: false,
  title: (input) => `Load ${loads.get(loadInputSchema.parse(input).loadId).name}`,
  run: async (raw, { signal, report }) => {
    const { loadId } = loadInputSchema.parse(raw);
    await loads.execute(loadId, { signal, onProgress: (fraction, note) => report({ fraction, note }) });
    return loadId;
  },
});

const lastPart = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;

/** Every kind of long action, in the form the job runner starts, stops and resumes. */
export const jobDefinitions = (options: Options): readonly JobDefinition[] => [
  quantizeJob(options),
  imatrixJob(options),
  synthJob(options),
  downloadJob(options),
  hashJob(options),
  benchJob(options),
  sweepJob(options),
  ...qualityJobs(options.quality),
  loadJob(options),
];

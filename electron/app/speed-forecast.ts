import { join } from 'node:path';
import { max, median, min } from 'simple-statistics';
import { z } from 'zod';
import {
  forecastInputSchema,
  speedForecastSchema,
  spreadSchema,
  type ForecastCheck,
  type ForecastInput,
  type SpeedForecast,
  type Spread,
} from '../../shared/contract/forecast.ts';
import { engineSettingsSchema } from '../../shared/contract/models.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import type { EnginePool, LadderTest, LoadSpec } from '../engine/index.ts';
import {
  forecastSpeed,
  readSpeedFacts,
  synthesizeFile,
  type Inspector,
  type ModelLibrary,
} from '../models/index.ts';
import type { Ports } from '../platform/ports.ts';
import type { FactStore } from '../platform/stores.ts';
import { checkForecast, type MeasuredRun } from './check-forecast.ts';

interface Options {
  readonly ports: Pick<Ports, 'files' | 'folders' | 'host' | 'http' | 'clock' | 'random' | 'log'>;
  readonly library: Pick<ModelLibrary, 'resolve'>;
  readonly inspector: Pick<Inspector, 'bandwidth'>;
  readonly engines: Pick<EnginePool, 'acquire'>;
  readonly facts: FactStore;
  readonly runs: { list(): readonly MeasuredRun[] };
  readonly validate: (path: string) => Promise<unknown>;
}

const bandwidthSchema = spreadSchema.extend({ processes: z.number().int() });
const kernelsSchema = speedForecastSchema.shape.kernels;
type Kernels = z.infer<typeof kernelsSchema>;

const bandwidthKey = 'speed:bandwidth';
const rounds = 15;
/** Per core; larger than any core's share of the last cache, and small enough for 64 cores. */
const bufferBytes = 256 * 2 ** 20;

/** A shape whose rows every type can hold; 44 million weights a layer. */
const calibrationShape = 'tinyllama-1.1b';
const fewLayers = 2;
const manyLayers = 8;
const prefillTest = { kind: 'prefill', tokens: 256, depth: 0, sequences: 1 } as const;
const decodeTest = { kind: 'decode', tokens: 32, depth: 0, sequences: 1 } as const;
const calibrationRepetitions = 7;
/** Of them the fastest count, as of the memory's rounds: a slower one had to share the machine. */
const countedRepetitions = 3;

const spreadOf = (values: readonly number[]): Spread => ({
  median: median([...values]),
  min: min([...values]),
  max: max([...values]),
  n: values.length,
});

const tooBusy = (what: string): AppError =>
  new AppError('hardware.probe-failed', `${what} could not be measured: the machine is too busy.`, {
    hint: 'Close other programs and try again.',
  });

/** Speed of a model on this machine before it is there: measured once, remembered, held against real runs. */
export const createSpeedForecast = (options: Options) => {
  const { ports, library, inspector, engines, facts, runs, validate } = options;
  const { files, folders, host } = ports;
  const sources = { ...ports, resolve: library.resolve };

  const bandwidthOf = async (isFresh: boolean, signal: AbortSignal) => {
    const known = bandwidthSchema.safeParse(facts.get(bandwidthKey));
    if (known.success && !isFresh) return known.data;
    const processes = host.availableParallelism();
    const speeds = await inspector.bandwidth({ processes, rounds, bufferBytes }, signal);
    if (speeds.length === 0) throw tooBusy('The memory');
    const measured = { ...spreadOf(speeds), processes };
    facts.set(bandwidthKey, measured);
    return measured;
  };

  /** Seconds a token takes on a small synthetic model with so many layers, per repetition. */
  const timeLayers = async (
    tensorType: string,
    layers: number,
    threadChoice: LoadSpec['threadChoice'],
    signal: AbortSignal,
  ) => {
    const out = join(folders.data, 'cache', `calibration-${tensorType}.gguf`);
    await synthesizeFile(
      { ...sources, validate },
      { source: calibrationShape, layers, type: tensorType, out, overwrite: true },
      { signal, onProgress: () => undefined },
    );
    try {
      const { prefillWeights } = await readSpeedFacts(sources, { source: out }, signal);
      await using replica = await engines.acquire(
        {
          modelId: `calibration-${tensorType}`,
          path: out,
          settings: engineSettingsSchema.parse({ contextSize: 512, slots: 1 }),
          threadChoice,
          isExclusive: true,
        },
        { signal },
      );
      const secondsOf = async (test: Omit<LadderTest, 'seed'>): Promise<readonly number[]> => {
        const seconds: number[] = [];
        for (let seed = 0; seed <= calibrationRepetitions; seed += 1) {
          const { tokensPerSecond } = await replica.runLadder({ ...test, seed }, { signal });
          if (seed > 0) seconds.push(1 / tokensPerSecond); // the first warms up
        }
        return seconds.sort((a, b) => a - b).slice(0, countedRepetitions);
      };
      return {
        weights: prefillWeights,
        prefill: await secondsOf(prefillTest),
        decode: await secondsOf(decodeTest),
        facts: replica.facts(),
      };
    } finally {
      await files.remove(out);
    }
  };

  /** What more layers cost: the output matrix, of another type, and all that is there once fall out. */
  const calibrate = async (tensorType: string, signal: AbortSignal): Promise<Kernels> => {
    const few = await timeLayers(tensorType, fewLayers, undefined, signal);
    const { threads, prefillThreads = threads, backend } = few.facts;
    const many = await timeLayers(
      tensorType,
      manyLayers,
      { decode: threads, prefill: prefillThreads },
      signal,
    );
    const speedsOf = (kind: 'prefill' | 'decode'): Spread => {
      const speeds = many[kind]
        .map((seconds, index) => seconds - (few[kind][index] ?? seconds))
        .filter((seconds) => seconds > 0)
        .map((seconds) => (2 * (many.weights - few.weights)) / seconds);
      if (speeds.length === 0) throw tooBusy('The kernels');
      return spreadOf(speeds);
    };
    return { ...speedsOf('prefill'), decode: speedsOf('decode'), tensorType, backend };
  };

  const kernelsOf = async (tensorType: string, isFresh: boolean, signal: AbortSignal): Promise<Kernels> => {
    const key = `speed:kernels:${tensorType}`;
    const known = kernelsSchema.safeParse(facts.get(key));
    if (known.success && !isFresh) return known.data;
    const measured = await calibrate(tensorType, signal);
    facts.set(key, measured);
    return measured;
  };

  const checkOf = async (
    { source, depth }: { readonly source: string; readonly depth: number },
    predicted: { readonly decodeTps: number; readonly prefillTps: number },
  ): Promise<ForecastCheck> => {
    const id = await library.resolve(source).then(
      (model) => model.id,
      () => undefined, // a shape or an address: there is nothing of it in the library to have been measured
    );
    return checkForecast(id === undefined ? [] : runs.list(), { modelId: id ?? '', depth, ...predicted });
  };

  /**
   * @throws AppError `app.bad-input`, `models.*`, `hardware.probe-failed`, `engine.*`, `app.cancelled`
   */
  return async (raw: ForecastInput, signal: AbortSignal): Promise<SpeedForecast> => {
    const input = forecastInputSchema.parse(raw);
    const speed = await readSpeedFacts(sources, input, signal);
    const bandwidth = await bandwidthOf(input.refresh, signal);
    const kernels = await kernelsOf(speed.tensorType, input.refresh, signal);
    if (kernels.backend !== 'cpu') {
      throw new AppError('app.bad-input', 'The speed of a model on a GPU cannot be foretold yet.', {
        hint: 'Make a synthetic file and measure it: dyno synth, then dyno bench.',
      });
    }
    const predicted = forecastSpeed(speed, {
      depth: input.depth,
      bytesPerSecond: bandwidth.max, // what the memory can do; a slower round had to share it (STREAM takes the best, too)
      operationsPerSecond: kernels.median,
      decodeOperationsPerSecond: kernels.decode.median,
    });
    const { processes, ...spread } = bandwidth;
    return {
      source: speed.source,
      name: speed.name,
      type: speed.type,
      sizeBytes: speed.sizeBytes,
      weightBytesPerToken: speed.weightBytes,
      kvBytes: speed.kvBytesPerToken * input.depth,
      depth: input.depth,
      bandwidth: spread,
      bandwidthProcesses: processes,
      ...predicted,
      kernels,
      check: await checkOf(input, predicted),
    };
  };
};

import { dirname, join } from 'node:path';
import { synthInputSchema, type SynthInput, type SynthPlan } from '../../shared/contract/synth.ts';
import { AppError } from '../../shared/errors/app-error.ts';
import { formatGib } from '../../shared/units/format.ts';
import type { Ports } from '../platform/ports.ts';
import { createEtaMeter } from './eta-meter.ts';
import { elementsOf, encodeHeader, tensorBytes } from './gguf/encode-header.ts';
import { text } from './gguf/metadata.ts';
import { markEntries } from './gguf/synthetic-mark.ts';
import { safeFileName } from './hub.ts';
import { removeStaleParts } from './stale-parts.ts';
import { readBlueprint, type SynthSourcePorts } from './synth-source.ts';
import { withEntries, type Blueprint } from './synthesize/blueprint.ts';
import { createWeightPool } from './synthesize/fill-tensor.ts';
import { keepLayers } from './synthesize/keep-layers.ts';
import { createRandomSource, gaussians } from './synthesize/random-source.ts';
import { POOL_ELEMENTS, writePart } from './synthesize/write-part.ts';

export type SynthPlanPorts = SynthSourcePorts & Pick<Ports, 'folders'>;

interface SynthPorts extends SynthPlanPorts, Pick<Ports, 'clock' | 'random' | 'log'> {
  /** Reads and checks the header of a finished file; throws `models.*` when it is not a model. */
  readonly validate: (path: string) => Promise<unknown>;
}

interface SynthOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: {
    readonly fraction: number;
    readonly etaMs: number | null;
    readonly note: string;
  }) => void;
}

/** Left free on the disk, as for a quantization. */
const diskReserveBytes = 64 * 2 ** 20;

interface Prepared {
  readonly plan: SynthPlan;
  readonly header: Uint8Array;
  readonly blueprint: Blueprint;
}

const labelOf = (layerCount: number, wholeLayerCount: number): string =>
  layerCount === wholeLayerCount ? 'synthetic' : `synthetic, ${layerCount} of ${wholeLayerCount} layers`;

const targetName = ({ slug, type, layerCount }: Blueprint, wholeLayerCount: number): string => {
  const cut = layerCount === wholeLayerCount ? '' : `-${layerCount}of${wholeLayerCount}`;
  const base = slug.toUpperCase().includes(type.toUpperCase()) ? slug : `${slug}-${type}`;
  return safeFileName(`${base}${cut}-synthetic.gguf`);
};

/** Everything about the file but its weights. */
const prepare = async (ports: SynthPlanPorts, raw: SynthInput, signal: AbortSignal): Promise<Prepared> => {
  const input = synthInputSchema.parse(raw);
  const whole = await readBlueprint(ports, input, signal);
  const blueprint = keepLayers(whole, input.layers ?? whole.layerCount);
  const isCut = blueprint.layerCount < whole.layerCount;
  const name = `${whole.name} (${labelOf(blueprint.layerCount, whole.layerCount)})`;
  const mark = markEntries({
    source: whole.source,
    seed: input.seed,
    wholeLayerCount: isCut ? whole.layerCount : undefined,
  });
  const header = encodeHeader(
    withEntries(blueprint.entries, [['general.name', text(name)], ...mark]),
    blueprint.tensors,
  );
  const weightBytes = blueprint.tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
  const parameterCount = blueprint.tensors.reduce((sum, tensor) => sum + elementsOf(tensor), 0);
  const path = input.out ?? join(ports.folders.models, targetName(blueprint, whole.layerCount));
  const sizeBytes = header.length + weightBytes;
  const freeBytes = await ports.files.freeBytes(path);
  const byType = Map.groupBy(blueprint.tensors, ({ type }) => type.name);
  return {
    blueprint,
    header,
    plan: {
      source: whole.source,
      name,
      architecture: whole.architecture,
      type: blueprint.type,
      path,
      layerCount: blueprint.layerCount,
      wholeLayerCount: whole.layerCount,
      parameterCount,
      bitsPerWeight: (weightBytes * 8) / parameterCount,
      contextLength: whole.contextLength,
      tensorTypes: Object.fromEntries([...byType].map(([type, list]) => [type, list.length])),
      sizeBytes,
      freeBytes,
      fitsOnDisk: freeBytes >= sizeBytes + diskReserveBytes,
      exists: (await ports.files.stat(path)) !== undefined,
    },
  };
};

/**
 * What `synthesizeFile` would write: size, place, types. Reads at most a header; writes nothing.
 * @throws AppError `app.bad-input`, `models.*`, `app.cancelled`
 */
export const planSynthesis = async (
  ports: SynthPlanPorts,
  input: SynthInput,
  signal: AbortSignal,
): Promise<SynthPlan> => (await prepare(ports, input, signal)).plan;

const refuse = ({ path, exists, fitsOnDisk, sizeBytes, freeBytes }: SynthPlan, overwrite: boolean): void => {
  if (exists && !overwrite) {
    throw new AppError('models.exists', `${path} is already there.`, {
      hint: 'Allow overwriting (--overwrite), or choose another name.',
      details: { path },
    });
  }
  if (fitsOnDisk) return;
  throw new AppError(
    'storage.disk-full',
    `The file takes ${formatGib(sizeBytes)} GiB, ${formatGib(freeBytes)} GiB are free in ${dirname(path)}.`,
    {
      hint: 'Choose a smaller type, fewer layers, or a folder on another disk.',
      details: { needBytes: sizeBytes, freeBytes },
    },
  );
};

/**
 * Writes a GGUF that has everything of the model but its weights, which are random: llama.cpp loads it, and speed and
 * memory are those of the real file. Marked as synthetic. Equal input gives equal bytes. On failure or abort nothing is
 * left behind.
 * @throws AppError `app.bad-input`, `models.*`, `models.exists`, `storage.disk-full`, `app.cancelled`
 */
export const synthesizeFile = async (
  ports: SynthPorts,
  input: SynthInput,
  { signal, onProgress }: SynthOptions,
): Promise<{ readonly path: string }> => {
  const { files, clock, log, random } = ports;
  const { plan, header, blueprint } = await prepare(ports, input, signal);
  refuse(plan, input.overwrite === true);
  await files.makeFolder(dirname(plan.path));
  await removeStaleParts(ports, dirname(plan.path));

  const seed = input.seed ?? 1;
  const eta = createEtaMeter(clock);
  const startedMs = clock.monotonicMs();
  const totalBytes = plan.sizeBytes - header.length;
  let doneBytes = 0;
  const made = `${plan.path}.synthesizing-${random.id('s')}`;
  try {
    await writePart(
      files,
      {
        path: made,
        header,
        tensors: blueprint.tensors,
        seed,
        pool: createWeightPool(gaussians(createRandomSource(`${seed}:pool`), POOL_ELEMENTS)),
      },
      {
        signal,
        onBytes: (bytes) => {
          doneBytes += bytes;
          const fraction = doneBytes / totalBytes;
          onProgress({ fraction, etaMs: eta.update(fraction), note: `Writing ${formatGib(totalBytes)} GiB` });
        },
      },
    );
    await ports.validate(made);
    if (signal.aborted) throw new AppError('app.cancelled');
    await files.rename(made, plan.path);
  } catch (error) {
    await files.remove(made);
    throw error;
  }
  const tookMs = Math.round(clock.monotonicMs() - startedMs);
  log.info('synthesized', { source: plan.source, path: plan.path, type: plan.type, tookMs });
  return { path: plan.path };
};

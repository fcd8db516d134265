import type { Files } from '../platform/ports.ts';
import { elementsOf, encodeHeader, tensorBytes } from './gguf/encode-header.ts';
import { int32, text, uint16, type MetadataValue } from './gguf/metadata.ts';
import { partPath } from './gguf/parts.ts';
import { markEntries } from './gguf/synthetic-mark.ts';
import { createWeightPool } from './synthesize/fill-tensor.ts';
import { chatMlTemplate, describeModel } from './synthesize/model-metadata.ts';
import { createRandomSource, gaussians } from './synthesize/random-source.ts';
import { createRecipe, type SynthesizedType } from './synthesize/recipe.ts';
import { modelShapes, type ModelShape, type ModelShapeName } from './synthesize/shapes.ts';
import { planTensors, type PlannedTensor } from './synthesize/tensor-plan.ts';
import { createVocabulary } from './synthesize/vocabulary.ts';
import { POOL_ELEMENTS, writePart } from './synthesize/write-part.ts';

export interface SynthesizeOptions {
  /** Absolute; a split model is written beside it as `<name>-00001-of-0000N.gguf`. */
  readonly path: string;
  readonly shape: ModelShapeName | ModelShape;
  /** A tensor type for all matrices (`Q8_0`, `IQ3_S`…) or a mix (`Q4_K_M`). */
  readonly type: SynthesizedType;
  /** Same seed, shape and type: the same file, byte by byte. Default 1. */
  readonly seed?: number;
  /** `general.name`. */
  readonly name?: string;
  /** Jinja text; `null` for a model without one. Default ChatML. */
  readonly chatTemplate?: string | null;
  /** Number of files, at most 99,999. Default 1. */
  readonly parts?: number;
  /** Metadata keys to leave out: makes files llama.cpp must not see. */
  readonly dropKeys?: readonly string[];
  /** Tensors behind those of the shape, as the head of a reranker. */
  readonly extraTensors?: readonly PlannedTensor[];
  /** Metadata to add or replace. */
  readonly overrideKeys?: Readonly<Record<string, MetadataValue>>;
}

export interface SynthesizedModel {
  /** First file. */
  readonly path: string;
  readonly parts: readonly string[];
  /** Bytes over all parts. */
  readonly sizeBytes: number;
  readonly parameterCount: number;
}

interface Progress {
  readonly signal?: AbortSignal;
  /** 0..1 by bytes written. */
  readonly onProgress?: (fraction: number) => void;
}

type Entry = readonly [key: string, value: MetadataValue];

const sourceOf = (shape: SynthesizeOptions['shape']): string =>
  typeof shape === 'string' ? `shape ${shape}` : `shape of ${shape.embeddingLength}x${shape.blockCount}`;

const describeEntries = (options: SynthesizeOptions, shape: ModelShape, ftype: number): readonly Entry[] => {
  const entries = describeModel(shape, createVocabulary(shape.tokenizer, shape.vocabularySize), {
    name: options.name ?? `random ${shape.architecture} ${shape.embeddingLength}x${shape.blockCount}`,
    ftype,
    chatTemplate: options.chatTemplate === undefined ? chatMlTemplate : options.chatTemplate,
  });
  const overrides = Object.entries(options.overrideKeys ?? {});
  const replaced = new Set([...(options.dropKeys ?? []), ...overrides.map(([key]) => key)]);
  const mark = markEntries({ source: sourceOf(options.shape), seed: options.seed ?? 1 });
  return [...[...entries, ...mark].filter(([key]) => !replaced.has(key)), ...overrides];
};

/** Cuts the list into `count` runs of about equal length. */
const cut = (tensors: readonly PlannedTensor[], count: number): readonly (readonly PlannedTensor[])[] => {
  const length = Math.ceil(tensors.length / count);
  return Array.from({ length: count }, (_, part) => tensors.slice(part * length, (part + 1) * length));
};

/** Metadata of file `index`: the first has all of it, as llama.cpp's own splitter does. */
const partEntries = (
  entries: readonly Entry[],
  architecture: string,
  part: { readonly index: number; readonly count: number; readonly tensorCount: number },
): readonly Entry[] => {
  if (part.count === 1) return entries;
  return [
    ...(part.index === 0 ? entries : ([['general.architecture', text(architecture)]] as const)),
    ['split.no', uint16(part.index)],
    ['split.count', uint16(part.count)],
    ['split.tensors.count', int32(part.tensorCount)],
  ];
};

/**
 * Writes a valid GGUF with random weights of sane scale: llama.cpp loads it and generates varied, meaningless text at
 * the speed of a real model of that shape. Holds one MiB of weights at a time. Nothing is left behind on failure.
 * F32, F16 and BF16 of one seed have the same weights; quantized types are models of their own.
 * @throws AppError `storage.disk-full`, `files.not-allowed`, `app.cancelled`
 */
export const synthesizeModel = async (
  files: Pick<Files, 'openWrite' | 'rename' | 'remove'>,
  options: SynthesizeOptions,
  progress: Progress = {},
): Promise<SynthesizedModel> => {
  const shape: ModelShape = typeof options.shape === 'string' ? modelShapes[options.shape] : options.shape;
  const seed = options.seed ?? 1;
  const recipe = createRecipe(options.type, shape.blockCount);
  const tensors = [...planTensors(shape, recipe), ...(options.extraTensors ?? [])];
  const entries = describeEntries(options, shape, recipe.ftype);
  const groups = cut(tensors, options.parts ?? 1);
  const weights = {
    seed,
    pool: createWeightPool(gaussians(createRandomSource(`${seed}:pool`), POOL_ELEMENTS)),
  };
  const totalBytes = tensors.reduce((sum, tensor) => sum + tensorBytes(tensor), 0);
  let doneBytes = 0;
  const onBytes = (bytes: number) => {
    doneBytes += bytes;
    progress.onProgress?.(doneBytes / totalBytes);
  };

  const written: string[] = [];
  let sizeBytes = 0;
  try {
    for (const [index, group] of groups.entries()) {
      const part = { index, count: groups.length, tensorCount: tensors.length };
      const path = groups.length === 1 ? options.path : partPath(options.path, index + 1, groups.length);
      const header = encodeHeader(partEntries(entries, shape.architecture, part), group);
      sizeBytes += await writePart(
        files,
        { path, header, tensors: group, ...weights },
        { ...progress, onBytes },
      );
      written.push(path);
    }
  } catch (error) {
    for (const path of written) await files.remove(path);
    throw error;
  }
  return {
    path: written[0] ?? options.path,
    parts: written,
    sizeBytes,
    parameterCount: tensors.reduce((sum, tensor) => sum + elementsOf(tensor), 0),
  };
};

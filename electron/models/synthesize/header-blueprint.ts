import { AppError } from '../../../shared/errors/app-error.ts';
import type { FileReader } from '../../platform/ports.ts';
import { checkHeader } from '../gguf/check-header.ts';
import type { HeaderEntry } from '../gguf/encode-header.ts';
import { readHyperparameters, type Hyperparameters } from '../gguf/hyperparameters.ts';
import { readInteger, readString } from '../gguf/metadata.ts';
import { readPartName } from '../gguf/parts.ts';
import { readGgufHeader, type GgufHeader } from '../gguf/read-header.ts';
import { isMarkKey } from '../gguf/synthetic-mark.ts';
import { quantizationLabel } from '../library/quantization-label.ts';
import type { Blueprint } from './blueprint.ts';
import { isWeightType } from './fill-tensor.ts';
import type { PlannedTensor } from './tensor-plan.ts';
import { distributionOf } from './weight-distribution.ts';

/** What belongs to the one file, not to the model: the alignment is ours, parts become one file, marks are made anew. */
const isOfTheFile = (key: string): boolean =>
  key === 'general.alignment' || key.startsWith('split.') || isMarkKey(key);

/** Entries of the first file, long values as the bytes they are. */
const readEntries = async (
  file: FileReader,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly header: GgufHeader; readonly entries: readonly HeaderEntry[] }> => {
  const spans = new Map<string, readonly [start: number, end: number]>();
  const header = await readGgufHeader(file, path, {
    signal,
    onSpan: (key, start, end) => void spans.set(key, [start, end]),
  });
  const entries: HeaderEntry[] = [];
  for (const [key, value] of header.metadata) {
    if (isOfTheFile(key)) continue;
    const [start, end] = spans.get(key) ?? [0, 0];
    const isShort = value.type === 'array' && value.items !== null;
    entries.push([
      key,
      isShort ? value : { type: 'encoded', bytes: Uint8Array.from(await file.read(start, end - start)) },
    ]);
  }
  return { header, entries };
};

const slugOf = (path: string): string =>
  (readPartName(path)?.base ?? path.replace(/\.gguf$/i, '')).split(/[/\\]/).at(-1) ?? 'model';

const planned = (headers: readonly GgufHeader[], architecture: string): readonly PlannedTensor[] => {
  const tensors = headers.flatMap((header) => header.tensors);
  const hasTiedOutput = !tensors.some(({ name }) => name === 'output.weight');
  return tensors.map(({ name, shape, type }) => {
    if (!isWeightType(type.name)) {
      throw new AppError(
        'models.unsupported-architecture',
        `The tensor ${name} has the type ${type.name}, for which Dyno has no random values.`,
        { hint: 'Choose another quantization of the model.' },
      );
    }
    return {
      name,
      shape,
      type,
      distribution: distributionOf({ name, shape }, { architecture, hasTiedOutput }),
    };
  });
};

const firstOf = (values: readonly number[] | 'wrong' | undefined): number | undefined =>
  values === 'wrong' ? undefined : values?.[0];

/** Cache and experts, by the keys llama.cpp reads; heads that differ from layer to layer are summed. */
const speedFactsOf = (dimensions: Hyperparameters): Pick<Blueprint, 'kvBytesPerToken' | 'expertShare'> => {
  const { layers } = dimensions;
  const heads = dimensions.perLayer('attention.head_count');
  const kvHeads = dimensions.perLayer('attention.head_count_kv') ?? heads;
  const usual = (dimensions.number('embedding_length') ?? 0) / (firstOf(heads) ?? 1);
  const lengths =
    (dimensions.number('attention.key_length') ?? usual) +
    (dimensions.number('attention.value_length') ?? usual);
  const sum = Array.from({ length: layers }, (_, layer) =>
    kvHeads === 'wrong' ? 0 : (kvHeads?.[layer] ?? kvHeads?.[0] ?? 0),
  ).reduce((total, count) => total + count, 0);
  const experts = dimensions.number('expert_count') ?? 0;
  const used = firstOf(dimensions.perLayer('expert_used_count')) ?? experts;
  return { kvBytesPerToken: 2 * lengths * sum, expertShare: experts === 0 ? 1 : used / experts };
};

/** A file of a model, opened by whoever asks for the blueprint. */
export interface HeaderFile {
  readonly path: string;
  readonly file: FileReader;
}

/**
 * The model a real header describes: its own metadata with tokenizer and template, its own tensors. Weights are not read.
 * @param files all parts of the model in order
 * @throws AppError `models.*` of the header, `app.cancelled`
 */
export const blueprintOfHeader = async (
  files: readonly [HeaderFile, ...HeaderFile[]],
  signal: AbortSignal,
): Promise<Blueprint> => {
  const [{ file, path }, ...others] = files;
  const { header, entries } = await readEntries(file, path, signal);
  const problem = checkHeader(header);
  if (problem !== undefined) throw problem;
  const headers = [header];
  for (const other of others) headers.push(await readGgufHeader(other.file, other.path, { signal }));

  const { metadata } = header;
  const architecture = readString(metadata, 'general.architecture') ?? '';
  const tensors = planned(headers, architecture);
  const name = readString(metadata, 'general.name')?.trim();
  const expected = readInteger(metadata, 'split.tensors.count');
  if (expected !== undefined && expected !== tensors.length) {
    throw new AppError(
      'models.missing-part',
      `${path} announces ${expected} tensors; ${tensors.length} were found.`,
      {
        hint: 'Name the model so that all its parts are found.',
      },
    );
  }
  return {
    source: `header of ${name === undefined || name === '' ? slugOf(path) : name}`,
    name: name === undefined || name === '' ? slugOf(path) : name,
    slug: slugOf(path),
    architecture,
    type: quantizationLabel(
      readInteger(metadata, 'general.file_type'),
      headers.flatMap((each) => each.tensors),
    ),
    layerCount: readHyperparameters(metadata, architecture).layers,
    ...speedFactsOf(readHyperparameters(metadata, architecture)),
    contextLength: readInteger(metadata, `${architecture}.context_length`) ?? 0,
    entries,
    tensors,
  };
};

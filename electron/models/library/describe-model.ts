import { basename } from 'node:path';
import { imatrixLabel } from '../../../shared/contract/imatrix.ts';
import type { Model } from '../../../shared/contract/models.ts';
import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { Files } from '../../platform/ports.ts';
import { PROJECTOR_ARCHITECTURE } from '../gguf/architectures.ts';
import { checkHeader, checkLength } from '../gguf/check-header.ts';
import { isMadeWithImatrix } from '../gguf/imatrix.ts';
import { folderNamed } from '../gguf/header-errors.ts';
import { readInteger, readString, type Metadata } from '../gguf/metadata.ts';
import { readGgufHeader, type GgufHeader } from '../gguf/read-header.ts';
import { readParts, type ReadParts } from '../gguf/read-parts.ts';
import { readPartName } from '../gguf/parts.ts';
import type { GgufTensor } from '../gguf/read-tensors.ts';
import { hasSyntheticMark } from '../gguf/synthetic-mark.ts';
import { quantizationLabel } from './quantization-label.ts';

/** What the files themselves say about a model; id, source and hash come from the library. */
export type Described = Omit<Model, 'id' | 'source' | 'sha256' | 'derivedFrom'>;

/** A description, with the headers it was made from where they could be read. */
export interface Description {
  readonly model: Described;
  readonly headers: readonly GgufHeader[];
  /** A projector, adapter, vocabulary or importance matrix: a GGUF, but no model to run. */
  readonly isAccessory: boolean;
}

type ReadFiles = Pick<Files, 'stat' | 'openRead'>;

const problemOf = (error: AppError): NonNullable<Model['problem']> => ({
  code: error.code,
  message: error.message,
  ...(error.hint !== undefined && { hint: error.hint }),
});

const isAccessory = ({ metadata, tensors }: GgufHeader): boolean => {
  const type = readString(metadata, 'general.type');
  return (
    readString(metadata, 'general.architecture') === PROJECTOR_ARCHITECTURE ||
    (type !== undefined && type !== 'model') ||
    (tensors.length === 0 && !metadata.has('split.count'))
  );
};

/** `general.name` where it says something; converters leave "." or nothing. */
const nameOf = ({ metadata, path }: GgufHeader): string => {
  const given = readString(metadata, 'general.name')?.trim() ?? '';
  return /[A-Za-z0-9]/.test(given) ? given.slice(0, 200) : nameOfFile(path);
};

const nameOfFile = (path: string): string =>
  basename(readPartName(path)?.base ?? path.replace(/\.gguf$/i, ''));

/**
 * The label goes wherever a file is named: tables, reports, the server. There it has to say that weights are random, or
 * that an importance matrix weighed them: such a file is not the one without.
 */
const labelOf = (metadata: Metadata, tensors: readonly GgufTensor[]): string => {
  const label = quantizationLabel(readInteger(metadata, 'general.file_type'), tensors);
  const marks = [
    ...(isMadeWithImatrix(metadata) ? [imatrixLabel] : []),
    ...(hasSyntheticMark(metadata) ? ['synthetic'] : []),
  ];
  return [label, ...marks].join(' ');
};

const describeParts = (
  first: GgufHeader,
  { headers, paths, problem }: ReadParts,
  modifiedMs: number,
): Described => {
  const { metadata, path } = first;
  const tensors = headers.flatMap((header) => header.tensors);
  const elements = tensors.reduce((sum, { elementCount }) => sum + elementCount, 0);
  const weightBytes = tensors.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const byType = Map.groupBy(tensors, ({ type }) => type.name);
  const architecture = readString(metadata, 'general.architecture') ?? 'unknown';
  const found = headers.map(checkLength).find((each) => each !== undefined) ?? problem ?? checkHeader(first);
  return {
    path,
    parts: [...paths],
    name: nameOf(first),
    architecture,
    quantization: labelOf(metadata, tensors),
    sizeBytes: headers.reduce((sum, { fileBytes }) => sum + fileBytes, 0),
    parameterCount: elements,
    bitsPerWeight: elements === 0 ? 0 : (weightBytes * 8) / elements,
    contextLength: readInteger(metadata, `${architecture}.context_length`) ?? null,
    tensorTypes: Object.fromEntries([...byType].map(([name, list]) => [name, list.length])),
    hasChatTemplate: readString(metadata, 'tokenizer.chat_template') !== undefined,
    problem: found === undefined ? null : problemOf(found),
    modifiedMs,
    isSynthetic: hasSyntheticMark(metadata),
  };
};

const describeBroken = (path: string, sizeBytes: number, modifiedMs: number, error: AppError): Described => ({
  path,
  parts: [path],
  name: nameOfFile(path),
  architecture: 'unknown',
  quantization: 'unknown',
  sizeBytes,
  parameterCount: 0,
  bitsPerWeight: 0,
  contextLength: null,
  tensorTypes: {},
  hasChatTemplate: false,
  problem: problemOf(error),
  modifiedMs,
  isSynthetic: false,
});

/**
 * Describes the model at `path` from its headers. A broken file is described, too, with its `problem`.
 * @throws AppError `models.not-found` when no file is there, `app.cancelled`
 */
export const describeModel = async (
  files: ReadFiles,
  path: string,
  signal?: AbortSignal,
): Promise<Description> => {
  const stat = await files.stat(path);
  if (stat?.kind === 'folder') throw folderNamed(path);
  if (stat?.kind !== 'file') {
    throw new AppError('models.not-found', `There is no file ${path}.`, {
      hint: 'Check the path; a file that was moved is found again by a scan.',
    });
  }
  try {
    await using file = await files.openRead(path);
    const first = await readGgufHeader(file, path, { signal });
    const parts = await readParts(files, first, signal);
    return {
      model: describeParts(first, parts, stat.modifiedMs),
      headers: parts.headers,
      isAccessory: isAccessory(first),
    };
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code === 'app.cancelled' || failure.code === 'app.internal') throw failure;
    return {
      model: describeBroken(path, stat.sizeBytes, stat.modifiedMs, failure),
      headers: [],
      isAccessory: false,
    };
  }
};

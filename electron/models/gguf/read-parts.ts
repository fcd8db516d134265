import { basename } from 'node:path';
import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { Files } from '../../platform/ports.ts';
import { badHeader } from './header-errors.ts';
import { readInteger, type Metadata } from './metadata.ts';
import { partPath, readPartName } from './parts.ts';
import { readGgufHeader, type GgufHeader } from './read-header.ts';

/** Split models have at most this many files: 65,536 parts of a hostile header would keep us opening files. */
const MAX_PARTS = 1024;

const missingPart = (path: string, number: number, count: number): AppError =>
  new AppError('models.missing-part', `Part ${number} of ${count} is missing: ${basename(path)}.`, {
    hint: `Put ${basename(path)} into the same folder as the other parts.`,
    details: { path, part: number, count },
  });

/** llama.cpp reads these keys without looking at their type, and aborts on another than the splitter's. */
const checkTypes = (metadata: Metadata, path: string): void => {
  const wrong = Object.entries({
    'split.no': 'uint16',
    'split.count': 'uint16',
    'split.tensors.count': 'int32',
  }).find(([key, type]) => metadata.has(key) && metadata.get(key)?.type !== type);
  if (wrong !== undefined) throw badHeader(path, `${wrong[0]} is not of type ${wrong[1]}`);
};

/** Paths of all files of a model, by the header of one of them and its name. One path for an unsplit model. */
export const partPaths = (path: string, metadata: Metadata): readonly string[] => {
  checkTypes(metadata, path);
  const count = readInteger(metadata, 'split.count') ?? 1;
  if (count <= 1) return [path];
  const name = readPartName(path);
  if (count > MAX_PARTS) throw badHeader(path, `it claims ${count} parts`);
  if (name?.count !== count) {
    throw badHeader(
      path,
      `it is one of ${count} parts, but its name does not say which`,
      `Name the parts as they came: ${basename(partPath(path, 1, count))} and so on.`,
    );
  }
  return Array.from({ length: count }, (_, index) => partPath(path, index + 1, count));
};

const checkPart = (header: GgufHeader, index: number, count: number): AppError | undefined => {
  const number = readInteger(header.metadata, 'split.no');
  const claimed = readInteger(header.metadata, 'split.count');
  if (number === index && claimed === count) return undefined;
  return badHeader(header.path, `its header says part ${(number ?? -1) + 1} of ${claimed ?? 1}`);
};

/** Tensors of a split model are spread over the parts without doubles, and as many as the first part says. */
const checkTensorCount = (first: GgufHeader, headers: readonly GgufHeader[]): AppError | undefined => {
  const expected = readInteger(first.metadata, 'split.tensors.count');
  const names = headers.flatMap((header) => header.tensors.map((tensor) => tensor.name));
  if (expected !== undefined && expected !== names.length) {
    return badHeader(first.path, `its parts have ${names.length} tensors instead of ${expected}`);
  }
  return new Set(names).size === names.length
    ? undefined
    : badHeader(first.path, 'two of its parts have the same tensor');
};

export interface ReadParts {
  /** In order; those that could be read. */
  readonly headers: readonly GgufHeader[];
  readonly paths: readonly string[];
  /** The first thing wrong with the parts as a set. */
  readonly problem: AppError | undefined;
}

/** Reads the headers of the other parts of a model and checks that they belong together. */
export const readParts = async (
  files: Pick<Files, 'stat' | 'openRead'>,
  first: GgufHeader,
  signal?: AbortSignal,
): Promise<ReadParts> => {
  const paths = partPaths(first.path, first.metadata);
  if (paths.length === 1) return { headers: [first], paths, problem: undefined };
  const headers = [first];
  const [firstPath = first.path] = paths;
  let problem =
    first.path === firstPath ? checkPart(first, 0, paths.length) : missingPart(firstPath, 1, paths.length);
  for (const [index, path] of paths.entries()) {
    if (index === 0 || path === first.path) continue;
    if ((await files.stat(path)) === undefined) {
      problem ??= missingPart(path, index + 1, paths.length);
      continue;
    }
    try {
      await using file = await files.openRead(path);
      const header = await readGgufHeader(file, path, { signal });
      headers.push(header);
      problem ??= checkPart(header, index, paths.length);
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code === 'app.cancelled') throw failure;
      problem ??= failure;
    }
  }
  return { headers, paths, problem: problem ?? checkTensorCount(first, headers) };
};

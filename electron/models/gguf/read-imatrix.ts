import type { FileReader } from '../../platform/ports.ts';
import { GGUF_MAGIC } from './encode-header.ts';
import {
  badImatrix,
  countsSuffix,
  imatrixKeys as keys,
  sumsSuffix,
  type Imatrix,
  type ImatrixEntry,
} from './imatrix.ts';
import { readLegacyImatrix } from './legacy-imatrix.ts';
import { readInteger, readString, type Metadata, type Scalar } from './metadata.ts';
import { readGgufHeader, type GgufHeader } from './read-header.ts';

const readDatasets = (metadata: Metadata): readonly string[] => {
  const found = metadata.get(keys.datasets);
  const items: readonly Scalar[] = found?.type === 'array' ? (found.items ?? []) : [];
  return items.filter((item) => typeof item === 'string');
};

const readEntries = async (
  file: FileReader,
  { path, tensors, dataOffset }: GgufHeader,
): Promise<ReadonlyMap<string, ImatrixEntry>> => {
  const byTensor = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const floats = async (name: string): Promise<Float32Array> => {
    const tensor = byTensor.get(name);
    if (tensor === undefined) throw badImatrix(path, `it has no ${name}`);
    if (tensor.type.name !== 'F32') throw badImatrix(path, `${name} is not F32`);
    const bytes = await file.read(dataOffset + tensor.offset, tensor.sizeBytes);
    const values = new Float32Array(new Uint8Array(bytes).buffer); // a copy, at the aligned address a view needs
    if (values.every(Number.isFinite)) return values;
    throw badImatrix(path, `${name} holds values that are no numbers`);
  };
  const entries = new Map<string, ImatrixEntry>();
  for (const { name } of tensors) {
    if (!name.endsWith(sumsSuffix)) continue;
    const weights = name.slice(0, -sumsSuffix.length);
    const sums = await floats(name);
    const counts = Array.from(await floats(weights + countsSuffix), Math.round);
    if (sums.length % counts.length !== 0) throw badImatrix(path, `sums and counts of ${weights} do not fit`);
    entries.set(weights, { sums, counts });
  }
  if (entries.size === 0) throw badImatrix(path, 'it holds no sums');
  return entries;
};

/**
 * Reads an importance matrix: the GGUF that llama-imatrix and Dyno write, or the older .dat.
 * @throws AppError `models.bad-imatrix`, `models.bad-header`, `models.truncated`, `app.cancelled`
 */
export const readImatrix = async (file: FileReader, path: string): Promise<Imatrix> => {
  const magic = Buffer.from(await file.read(0, 4)).toString('latin1');
  if (magic !== GGUF_MAGIC) return readLegacyImatrix(file, path);
  const header = await readGgufHeader(file, path);
  const { metadata } = header;
  if (header.fileBytes < header.neededBytes) throw badImatrix(path, 'it ends before its last value');
  const chunkCount = readInteger(metadata, keys.chunkCount);
  const chunkSize = readInteger(metadata, keys.chunkSize);
  if (!metadata.has(keys.datasets) || chunkCount === undefined || chunkSize === undefined)
    throw badImatrix(path, 'its metadata do not say what it was made with');
  return {
    entries: await readEntries(file, header),
    datasets: readDatasets(metadata),
    chunkCount,
    chunkSize,
    textSha256: readString(metadata, keys.textSha256) ?? null,
  };
};

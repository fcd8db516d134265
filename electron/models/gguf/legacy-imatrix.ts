import type { FileReader } from '../../platform/ports.ts';
import { badImatrix, type Imatrix, type ImatrixEntry } from './imatrix.ts';

/** Larger files are no importance matrix: the largest models have some hundred MiB. */
const largestBytes = 2 ** 31;

/**
 * The older `.dat`: per entry its name, the number of calls, and means times that number; then chunks and the text.
 * Source: common/imatrix-loader.cpp of llama.cpp v0.5.0.
 * @throws AppError `models.bad-imatrix`
 */
export const readLegacyImatrix = async (file: FileReader, path: string): Promise<Imatrix> => {
  if (file.sizeBytes > largestBytes) throw badImatrix(path, 'it is neither GGUF nor the older format');
  const bytes = Buffer.from(await file.read(0, file.sizeBytes));
  let at = 0;
  const take = (count: number, what: string): Buffer => {
    if (count < 0 || at + count > bytes.length) throw badImatrix(path, `it ends within ${what}`);
    at += count;
    return bytes.subarray(at - count, at);
  };
  const integer = (what: string): number => take(4, what).readInt32LE(0);

  const entryCount = integer('its first number');
  if (entryCount < 1) throw badImatrix(path, 'it is neither GGUF nor the older format');
  const entries = new Map<string, ImatrixEntry>();
  for (let index = 0; index < entryCount; index += 1) {
    const what = `entry ${index + 1} of ${entryCount}`;
    const name = take(integer(what), what).toString('utf8');
    const calls = integer(what);
    const values = take(integer(what) * Float32Array.BYTES_PER_ELEMENT, what);
    const sums = new Float32Array(new Uint8Array(values).buffer); // a copy, at the aligned address a view needs
    if (sums.length === 0 || !sums.every(Number.isFinite)) throw badImatrix(path, `${name} holds no numbers`);
    entries.set(name, { sums, counts: [Math.max(1, calls)] });
  }
  const hasTrailer = at < bytes.length; // files of 2023 end here
  const chunkCount = hasTrailer ? integer('the number of chunks') : 0;
  const dataset = hasTrailer
    ? take(integer('the name of the text'), 'the name of the text').toString('utf8')
    : '';
  return { entries, datasets: dataset === '' ? [] : [dataset], chunkCount, chunkSize: 0, textSha256: null };
};

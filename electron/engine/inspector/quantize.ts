import { AppError } from '../../../shared/errors/app-error.ts';
import type { QuantizeProgress } from '../../models/inspector.ts';
import { columnWeights, imatrixKeys, weightedKeys, type Imatrix } from '../../models/gguf/imatrix.ts';
import { readImatrix } from '../../models/gguf/read-imatrix.ts';
import { createNodeFiles } from '../../platform/node/files.ts';
import { openLibllama } from './libllama.ts';
import type { KeyOverride } from './native-weighting.ts';
import type { InspectorTask } from './protocol.ts';
import { createProgressScale, readAnnouncement, readFailure, type AnnouncedTensor } from './quantize-log.ts';

type QuantizeTask = Extract<InspectorTask, { type: 'quantize' }>;

const keptLines = 40;

const hintOf = (reason: string): string => {
  if (/imatrix|importance matrix/i.test(reason))
    return 'Make an importance matrix of this very model with dyno models imatrix, or choose Q2_K or a larger type.';
  if (reason.includes('requantizing'))
    return 'Start from the F16, BF16 or F32 file, or allow requantizing (--allow-requantize).';
  if (/iostream|ios::clear|basic_ios/.test(reason))
    return 'The target could not be written: free some disk space.';
  if (reason.includes('unknown model architecture'))
    return 'The bundled llama.cpp does not know this architecture.';
  return 'Inspect the source file; it may be damaged.';
};

/** The keys llama-quantize writes, and Dyno's own of the text. */
const keysOf = (
  { entries, datasets, chunkCount, textSha256 }: Imatrix,
  path: string,
): readonly KeyOverride[] => {
  const [dataset] = datasets;
  return [
    { key: weightedKeys.file, value: path },
    ...(dataset === undefined ? [] : [{ key: weightedKeys.dataset, value: dataset }]),
    { key: weightedKeys.entryCount, value: entries.size },
    ...(chunkCount > 0 ? [{ key: weightedKeys.chunkCount, value: chunkCount }] : []),
    ...(textSha256 === null ? [] : [{ key: imatrixKeys.textSha256, value: textSha256 }]),
  ];
};

const placeImatrix = async (library: ReturnType<typeof openLibllama>, path: string) => {
  await using file = await createNodeFiles().openRead(path);
  const imatrix = await readImatrix(file, path);
  const columns = new Map([...imatrix.entries].map(([name, entry]) => [name, columnWeights(entry)]));
  return library.place(columns, keysOf(imatrix, path));
};

/**
 * Quantizes with `llama_model_quantize`. A dry run comes first: it takes milliseconds, fails on what would fail
 * hours later, and tells the size of every tensor, by which progress is scaled.
 * @throws AppError `models.quantize-failed`, `models.quantize-version`, `models.bad-imatrix`
 */
export const quantize = async (
  task: QuantizeTask,
  onProgress: (progress: QuantizeProgress) => void,
): Promise<null> => {
  const lines: string[] = [];
  let onTensor: (tensor: AnnouncedTensor) => void = () => undefined;
  let reason: string | undefined;
  const library = openLibllama((text) => {
    process.stderr.write(text);
    if (text.trim() !== '' && lines.push(text.trim()) > keptLines) lines.shift();
    reason = readFailure(text) ?? reason;
    const tensor = readAnnouncement(text);
    if (tensor !== undefined) onTensor(tensor);
  });
  const { imatrixPath } = task;
  const weighting = imatrixPath === undefined ? null : await placeImatrix(library, imatrixPath);
  const run = async (isDryRun: boolean): Promise<void> => {
    const code = await library.quantize({ ...task, isDryRun, weighting });
    if (code === 0) return;
    const why = reason ?? `return code ${code}`;
    throw new AppError('models.quantize-failed', `llama.cpp refused: ${why}`, {
      hint: hintOf(why),
      details: { log: lines },
    });
  };

  const tensors: AnnouncedTensor[] = [];
  onTensor = (tensor) => tensors.push(tensor);
  await run(true);
  const fractionAt = createProgressScale(tensors);
  onTensor = ({ name, index, count }) =>
    onProgress({ fraction: fractionAt(name), note: `Tensor ${index} of ${count}: ${name}` });
  await run(false);
  onProgress({ fraction: 1, note: `${tensors.length} tensors written` });
  return null;
};

import { AppError } from '../../../shared/errors/app-error.ts';
import type { QuantizeProgress } from '../../models/inspector.ts';
import { openLibllama } from './libllama.ts';
import type { InspectorTask } from './protocol.ts';
import { createProgressScale, readAnnouncement, readFailure, type AnnouncedTensor } from './quantize-log.ts';

type QuantizeTask = Extract<InspectorTask, { type: 'quantize' }>;

const keptLines = 40;

const hintOf = (reason: string): string => {
  if (/imatrix|importance matrix/i.test(reason))
    return 'This type needs an importance matrix, which Dyno cannot make yet: choose Q2_K or a larger type.';
  if (reason.includes('requantizing')) return 'Start from the F16, BF16 or F32 file, or allow requantizing.';
  if (/iostream|ios::clear|basic_ios/.test(reason))
    return 'The target could not be written: free some disk space.';
  if (reason.includes('unknown model architecture'))
    return 'The bundled llama.cpp does not know this architecture.';
  return 'Inspect the source file; it may be damaged.';
};

/**
 * Quantizes with `llama_model_quantize`. A dry run comes first: it takes milliseconds, fails on what would fail
 * hours later, and tells the size of every tensor, by which progress is scaled.
 * @throws AppError `models.quantize-failed`, `models.quantize-version`
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
  const run = async (isDryRun: boolean): Promise<void> => {
    const code = await library.quantize({ ...task, isDryRun });
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

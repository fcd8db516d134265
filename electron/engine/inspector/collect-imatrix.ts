import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError, toAppError } from '../../../shared/errors/app-error.ts';
import type { ImatrixProgress, ImatrixTask } from '../../models/inspector.ts';
import { encodeImatrix } from '../../models/gguf/encode-imatrix.ts';
import { createNodeFiles } from '../../platform/node/files.ts';
import { createImatrixSums, type ImatrixSums } from './imatrix-sums.ts';
import { paceModel } from './paced-model.ts';
import { withBos, withoutLastNewline } from './score-source.ts';
import { openScoringLlama, type TensorListener } from './scoring-llama.ts';
import { createTensorReader, type GraphTensor } from './tensor-reader.ts';

/** Rows a matrix is multiplied with at least; shorter ones are no part of a chunk. As the tool has it. */
const leastRows = 16;
/** What llama-imatrix asks of a text. */
const leastChunks = 2;

/** `CUDA0#blk.0.attn_k.weight#0`, a copy for another device, is `blk.0.attn_k.weight`. */
const weightName = (name: string): string => name.split('#')[1] ?? name;

const isWanted = (tensor: GraphTensor): boolean => {
  if (tensor.op === 'MUL_MAT_ID') return true;
  if (tensor.op !== 'MUL_MAT') return false;
  const rows = tensor.source(1);
  return rows.isF32 && rows.sizes[1] >= leastRows && weightName(tensor.source(0).name).startsWith('blk.');
};

/** Listens to a graph being computed and adds up what its weights are multiplied with. */
const createCollector = (reader: ReturnType<typeof createTensorReader>, sums: ImatrixSums) => {
  const verified = new Set<string>();
  let failure: AppError | undefined;

  const collect = (tensor: GraphTensor): void => {
    const weights = tensor.source(0);
    const rows = tensor.source(1);
    const name = weightName(weights.name);
    if (!verified.has(name)) {
      for (const each of [tensor, weights, rows]) reader.verify(each);
      verified.add(name);
    }
    const { sizes, strides } = rows;
    const activations = { sizes, strides, values: reader.copyFloats(rows) };
    if (tensor.op === 'MUL_MAT') {
      sums.addDense(name, { depth: weights.sizes[2], width: weights.sizes[3] }, activations);
      return;
    }
    const ids = tensor.source(2);
    if (!ids.isI32 || !rows.isF32 || ids.sizes[1] !== sizes[2] || sizes[3] !== 1)
      throw new AppError('models.imatrix-failed', `${name} has experts of a form that is not known.`, {
        hint: 'Importance matrices of this architecture cannot be made.',
      });
    sums.addExperts(name, weights.sizes[2], activations, {
      sizes: [ids.sizes[0], ids.sizes[1]],
      strides: [ids.strides[0], ids.strides[1]],
      values: reader.copyIntegers(ids),
    });
  };

  const listen: TensorListener = (pointer, isAsked) => {
    try {
      const tensor = reader.read(pointer);
      if (isAsked) return isWanted(tensor);
      collect(tensor);
      return true;
    } catch (error) {
      failure ??= toAppError(error); // nothing may be thrown through llama.cpp
      return false;
    }
  };
  return {
    listen,
    throwFailure: (): void => {
      if (failure !== undefined) throw failure;
    },
  };
};

const tooShort = (tokens: number, contextSize: number): AppError =>
  new AppError(
    'models.imatrix-failed',
    `The calibration text has ${tokens} tokens; ${leastChunks * contextSize} are needed.`,
    { hint: 'Give a longer text: 50 to 100 chunks of 512 tokens, some 100 to 200 kB, are usual.' },
  );

/**
 * Reads a text in chunks through the model and writes the importance matrix of its weights: what llama-imatrix of
 * v0.5.0 collects with the same text and context.
 * @throws AppError `models.imatrix-failed`, `engine.load-failed`, `engine.version-mismatch`
 */
export const collectImatrix = async (
  task: ImatrixTask,
  onProgress: (progress: ImatrixProgress) => void,
): Promise<{ readonly chunkCount: number; readonly entryCount: number }> => {
  const llama = openScoringLlama(task.backend);
  const { model, decode } = paceModel(llama.load(task.file, task.useMmap), task.threads, 0);
  const textBytes = readFileSync(task.textPath);
  const tokens = model.tokenize(withoutLastNewline(textBytes.toString('utf8')));
  const contextSize = Math.min(task.contextSize, model.trainedContextSize);
  const available = Math.floor(tokens.length / contextSize);
  if (available < leastChunks) throw tooShort(tokens.length, contextSize);
  const chunkCount = Math.min(available, task.maxChunks ?? available);

  const sums = createImatrixSums();
  const collector = createCollector(createTensorReader(llama.base), sums);
  model.openContext(contextSize, collector.listen);
  llama.endLoading();
  for (let chunk = 0; chunk < chunkCount; chunk += 1) {
    onProgress({ fraction: chunk / chunkCount, note: `Chunk ${chunk + 1} of ${chunkCount}` });
    await nextTurn(); // lets the message out before the core is taken
    decode(withBos(tokens.subarray(chunk * contextSize, (chunk + 1) * contextSize), model));
    collector.throwFailure();
  }

  const entries = sums.entries();
  if (entries.size === 0)
    throw new AppError('models.imatrix-failed', 'No matrix of the model could be observed.', {
      hint: 'Importance matrices of this architecture cannot be made.',
    });
  const imatrix = {
    entries,
    datasets: [task.textPath],
    chunkCount,
    chunkSize: contextSize,
    textSha256: createHash('sha256').update(textBytes).digest('hex'),
  };
  await using file = await createNodeFiles().openWrite(task.targetPath);
  let position = 0;
  for (const piece of encodeImatrix(imatrix)) {
    await file.write(piece, position);
    position += piece.length;
  }
  onProgress({ fraction: 1, note: `${entries.size} matrices observed` });
  return { chunkCount, entryCount: entries.size };
};

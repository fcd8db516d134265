import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../../shared/errors/app-error.ts';
import { readRow, topTokens } from '../scoring/divergence.ts';
import { encodeNumbers } from '../scoring/float-text.ts';
import { scoredSpan } from '../scoring/pack-format.ts';
import type { ScoreTask, WindowScore, WindowTop } from '../scoring/scorer.ts';
import { paceModel, type PacedModel } from './paced-model.ts';
import type { ScorePart } from './protocol.ts';
import type { ReferencePosition } from './score-reference.ts';
import { openModelSource, openPackSource, withBos, type ScoreSource } from './score-source.ts';
import { openScoringLlama } from './scoring-llama.ts';

interface Candidate {
  readonly index: number;
  readonly paced: PacedModel;
  readonly done: ReadonlySet<number>;
}

const notFinite = (path: string, window: number): AppError =>
  new AppError('quality.not-finite', `${path} predicts values that are no numbers (window ${window + 1}).`, {
    hint: 'The weights are damaged, or this quantization overflows: check the SHA-256, or make the file again.',
  });

/** The arrays of one candidate's window, filled position by position. */
const createScoreSheet = (scored: number) => {
  const nll = new Float32Array(scored);
  const nllBase = new Float32Array(scored);
  const kld = new Float32Array(scored);
  const sameTop = new Uint8Array(scored);
  let captured = 0;
  return {
    put: (index: number, base: ReferencePosition, row: Float32Array, next: number): boolean => {
      const { logSum, top } = readRow(row);
      nll[index] = logSum - (row[next] ?? NaN);
      nllBase[index] = base.nll;
      kld[index] = base.divergence(row, logSum);
      sameTop[index] = top === base.top ? 1 : 0;
      captured += base.capturedMass;
      return Number.isFinite(nll[index]) && Number.isFinite(kld[index]);
    },
    read: (position: number): WindowScore => ({
      position,
      nll: encodeNumbers(nll),
      nllBase: encodeNumbers(nllBase),
      kld: encodeNumbers(kld),
      sameTop: encodeNumbers(sameTop),
      capturedMass: captured / scored,
    }),
  };
};

/** The base's top tokens of one window, filled position by position. */
const createTopSheet = (scored: number, topK: number) => {
  const ids = new Uint32Array(scored * topK);
  const logProbs = new Float32Array(scored * topK);
  const tails = new Float64Array(scored);
  const nll = new Float32Array(scored);
  return {
    put: (index: number, { row, logSum, nll: ofNext }: ReferencePosition): void => {
      if (row === null) throw new AppError('app.internal', 'A pack was asked for whole logits.');
      const top = topTokens(row, logSum, topK);
      ids.set(top.ids, index * topK);
      logProbs.set(top.logProbs, index * topK);
      tails[index] = top.tail;
      nll[index] = ofNext;
    },
    read: (position: number, tokens: Int32Array): WindowTop => ({
      position,
      tokens: encodeNumbers(tokens),
      ids: encodeNumbers(ids),
      logProbs: encodeNumbers(logProbs),
      tails: encodeNumbers(tails),
      nll: encodeNumbers(nll),
    }),
  };
};

/** Reads one window through the base and the candidates that lack it, and tells what each predicted. */
const scoreWindow = (
  source: ScoreSource,
  position: number,
  pending: readonly Candidate[],
  { topK, referencePath }: { readonly topK: number | null; readonly referencePath: string },
  emit: (part: ScorePart) => void,
): void => {
  const tokens = source.tokens(position);
  const { first, scored } = scoredSpan(tokens.length);
  const baseAt = source.reference(position);
  const readers = pending.map(({ paced, index }) => ({
    index,
    path: paced.model.path,
    rowAt: paced.decode(withBos(tokens, paced.model)),
    sheet: createScoreSheet(scored),
  }));
  const top = topK === null ? undefined : createTopSheet(scored, topK);
  for (let index = 0; index < scored; index += 1) {
    const base = baseAt(index);
    if (!Number.isFinite(base.nll)) throw notFinite(referencePath, position);
    top?.put(index, base);
    const next = tokens[first + index + 1] ?? 0;
    for (const { sheet, rowAt, path } of readers) {
      if (!sheet.put(index, base, rowAt(first + index), next)) throw notFinite(path, position);
    }
  }
  if (top !== undefined) emit({ type: 'top', top: top.read(position, tokens) });
  for (const { index, sheet } of readers)
    emit({ type: 'window', candidate: index, score: sheet.read(position) });
};

/**
 * Reads a text window by window through a base (or a pack made from it) and its candidates together, so that no logits
 * are ever stored; tells each window when it is done.
 * @throws AppError as `Scorer.score` says
 */
export const score = async (task: ScoreTask, emit: (part: ScorePart) => void): Promise<null> => {
  const { reference, maxWindows, topK } = task;
  const llama = openScoringLlama(task.backend);
  const candidates: Candidate[] = task.candidates.map(({ file, done }, index) => ({
    index,
    paced: paceModel(llama.load(file, task.useMmap), task.threads),
    done: new Set(done),
  }));
  const models = candidates.map(({ paced }) => paced.model);
  const base =
    reference.type === 'model'
      ? paceModel(llama.load(reference.file, task.useMmap), task.threads)
      : undefined;
  using source =
    reference.type === 'model' && base !== undefined
      ? openModelSource(task, reference.textPath, base, models)
      : openPackSource(referencePathOf(task), maxWindows, models);
  const { contextSize, windowCount } = source.opening;
  for (const model of [...(base === undefined ? [] : [base.model]), ...models])
    model.openContext(contextSize);
  llama.endLoading();
  emit({ type: 'opened', opening: { ...source.opening, llamaCppRelease: llama.release } });

  const options = {
    topK: topK && Math.min(topK, source.opening.vocabularySize),
    referencePath: referencePathOf(task),
  };
  for (let position = 0; position < windowCount; position += 1) {
    const pending = candidates.filter(({ done }) => !done.has(position));
    if (pending.length === 0 && topK === null) continue;
    scoreWindow(source, position, pending, options, emit);
    await nextTurn(); // lets the messages out
  }
  return null;
};

const referencePathOf = ({ reference }: ScoreTask): string =>
  reference.type === 'model' ? reference.file.path : reference.path;

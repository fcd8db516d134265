import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { ScoreOpening, ScoreTask } from '../scoring/scorer.ts';
import type { PacedModel } from './paced-model.ts';
import { modelWindow, openPack, type ReferenceWindow } from './score-reference.ts';
import type { ScoringModel } from './scoring-llama.ts';

/** The text in windows, and what the base predicts on each. */
export interface ScoreSource extends Disposable {
  readonly opening: Omit<ScoreOpening, 'llamaCppRelease'>;
  /** Token ids of a window as the text has them. */
  tokens(position: number): Int32Array;
  /** The base's predictions there; for a base that is loaded, this is where it works. */
  reference(position: number): ReferenceWindow;
}

const minimumWindows = 2;

const sha256Of = ({ buffer, byteOffset, byteLength }: Int32Array): string =>
  createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');

/** The window with its first token replaced by the beginning-of-sequence token, where the model adds one. */
export const withBos = (tokens: Int32Array, { addsBos, bos }: ScoringModel): Int32Array =>
  addsBos ? tokens.with(0, bos) : tokens;

const assertSameVocabulary = (
  { vocabularySize, vocabularySha256 }: Pick<ScoreOpening, 'vocabularySize' | 'vocabularySha256'>,
  candidate: ScoringModel,
): void => {
  if (candidate.vocabularySha256 === vocabularySha256) return;
  const sizes = `${vocabularySize} and ${candidate.vocabularySize} tokens`;
  throw new AppError(
    'quality.vocabulary-mismatch',
    `${candidate.path} and the base have different vocabularies (${sizes}).`,
    { hint: 'Choose quantizations of one model: their predictions are compared token by token.' },
  );
};

const assertSameTokens = (tokens: Int32Array, text: string, candidate: ScoringModel): void => {
  if (sha256Of(candidate.tokenize(text)) === sha256Of(tokens)) return;
  throw new AppError('quality.vocabulary-mismatch', `${candidate.path} cuts the text into other tokens.`, {
    hint: 'Its tokenizer settings differ from the base: convert both files with the same tool.',
  });
};

/** As llama.cpp's tools read a file: one newline at the very end is left out. */
export const withoutLastNewline = (text: string): string => text.replace(/\n$/, '');

/**
 * A base that is loaded beside its candidates.
 * @throws AppError `quality.text-too-short`, `quality.vocabulary-mismatch`
 */
export const openModelSource = (
  task: Pick<ScoreTask, 'contextSize' | 'maxWindows'>,
  textPath: string,
  base: PacedModel,
  candidates: readonly ScoringModel[],
): ScoreSource => {
  const { model } = base;
  const text = withoutLastNewline(readFileSync(textPath, 'utf8'));
  const tokens = model.tokenize(text);
  for (const candidate of candidates) {
    assertSameVocabulary(model, candidate);
    assertSameTokens(tokens, text, candidate);
  }
  const trained = Math.min(...[model, ...candidates].map(({ trainedContextSize }) => trainedContextSize));
  const contextSize = Math.min(task.contextSize, trained);
  const available = Math.floor(tokens.length / contextSize);
  if (available < minimumWindows) {
    throw new AppError(
      'quality.text-too-short',
      `The text has ${tokens.length} tokens; ${minimumWindows * contextSize} are needed.`,
      { hint: 'Give a longer text: 100 windows of 512 tokens, some 200 kB, say something about a model.' },
    );
  }
  const windowCount = Math.max(minimumWindows, Math.min(available, task.maxWindows ?? available));
  const windowAt = (position: number): Int32Array =>
    tokens.subarray(position * contextSize, (position + 1) * contextSize);
  const scratch = new Float64Array(model.vocabularySize);
  return {
    opening: {
      contextSize,
      tokenCount: tokens.length,
      windowCount,
      addsBos: model.addsBos,
      vocabularySize: model.vocabularySize,
      vocabularySha256: model.vocabularySha256,
      tokensSha256: sha256Of(tokens),
    },
    tokens: windowAt,
    reference: (position) => {
      const window = windowAt(position);
      return modelWindow(base.decode(withBos(window, model)), window, scratch);
    },
    [Symbol.dispose]: () => undefined,
  };
};

/**
 * A reference pack in place of a base.
 * @throws AppError `quality.bad-pack`, `quality.vocabulary-mismatch`
 */
export const openPackSource = (
  path: string,
  maxWindows: number | null,
  candidates: readonly ScoringModel[],
): ScoreSource => {
  const pack = openPack(path);
  const { header } = pack;
  try {
    for (const candidate of candidates) {
      assertSameVocabulary(header, candidate);
      if (candidate.trainedContextSize >= header.contextSize) continue;
      throw new AppError(
        'quality.bad-pack',
        `The pack has windows of ${header.contextSize} tokens, ${candidate.path} was trained on ${candidate.trainedContextSize}.`,
        { hint: 'Make the pack from a base of the same model.' },
      );
    }
  } catch (error) {
    pack[Symbol.dispose]();
    throw error;
  }
  const { contextSize, addsBos, vocabularySize, vocabularySha256, tokensSha256 } = header;
  const windowCount = Math.min(header.windowCount, maxWindows ?? header.windowCount);
  return {
    opening: {
      contextSize,
      tokenCount: contextSize * header.windowCount,
      windowCount,
      addsBos,
      vocabularySize,
      vocabularySha256,
      tokensSha256,
    },
    tokens: (position) => pack.window(position).tokens,
    reference: (position) => pack.window(position).at,
    [Symbol.dispose]: () => pack[Symbol.dispose](),
  };
};

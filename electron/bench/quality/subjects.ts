import { basename, join } from 'node:path';
import type { Model } from '../../../shared/contract/models.ts';
import { QUALITY_FORMULA_VERSION, type QualityModel } from '../../../shared/contract/quality.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { testedLlama } from '../../engine/index.ts';
import { refuseSynthetic } from '../../models/index.ts';
import type { QualityPorts } from './ports.ts';

/** A model that is judged, or that others are judged against. */
export interface Subject {
  readonly path: string;
  readonly facts: QualityModel;
}

/** A file that models are judged on. */
export interface Source {
  readonly path: string;
  readonly name: string;
  readonly sha256: string;
}

/**
 * Resolves, validates and hashes a model.
 * @throws AppError `models.*`, `models.synthetic`
 */
export const findSubject = async (
  ports: Pick<QualityPorts, 'resolveModel' | 'validate' | 'hashModel'>,
  idOrPath: string,
  signal: AbortSignal,
): Promise<Subject> => {
  const model: Model = await ports.resolveModel(idOrPath);
  refuseSynthetic(model);
  await ports.validate(model.path);
  const { id, name, quantization, sizeBytes, bitsPerWeight, tensorTypes, path } = model;
  const sha256 = await ports.hashModel(model, signal);
  return {
    path,
    facts: { modelId: id, name, quantization, sizeBytes, bitsPerWeight, tensorTypes, sha256 },
  };
};

const bundledNames = { text: 'heldout.txt', tasks: 'heldout-tasks.jsonl' } as const;

/** @throws AppError `files.not-found` */
export const findSource = async (
  { files, folders }: Pick<QualityPorts, 'files' | 'folders'>,
  what: keyof typeof bundledNames,
  asked: string,
  signal: AbortSignal,
): Promise<Source> => {
  const path = asked === 'bundled' ? join(folders.resources, 'text', bundledNames[what]) : asked;
  if ((await files.stat(path))?.kind !== 'file')
    throw new AppError('files.not-found', `No such file: ${path}`, { hint: 'Check the path.' });
  return { path, name: basename(path), sha256: await files.sha256(path, { signal }) };
};

/** How a text is read, as far as it is known before: part of every key. */
export interface ReadingPlan {
  readonly contextSize: number;
  readonly maxWindows: number | null;
  /** Tokens per position of the pack that stands in for the base; `null` for the base itself. */
  readonly packTopK: number | null;
}

const short = (sha256: string): string => sha256.slice(0, 16);
const version = `v${QUALITY_FORMULA_VERSION}-${testedLlama.llamaCppRelease}`;

interface ReadingKey {
  readonly baseSha256: string;
  readonly candidateSha256: string;
  readonly textSha256: string;
  readonly plan: ReadingPlan;
}

/** The id of a result: equal for equal base, candidate, text, protocol and formulas. */
export const resultId = ({ baseSha256, candidateSha256, textSha256, plan }: ReadingKey): string => {
  const { contextSize, maxWindows, packTopK } = plan;
  const protocol = [
    `c${contextSize}`,
    maxWindows === null ? 'all' : `w${maxWindows}`,
    ...(packTopK === null ? [] : [`k${packTopK}`]),
    version,
  ].join('-');
  return [...[baseSha256, candidateSha256, textSha256].map(short), protocol].join('.');
};

/** Where the finished windows of a result are kept; a longer reading goes on from a shorter one. */
export const windowsKey = (key: ReadingKey): string =>
  `windows.${resultId({ ...key, plan: { ...key.plan, maxWindows: null } })}`;

/** Where a model's answers to a task file are kept. */
export const answersKey = (modelSha256: string, tasksSha256: string): string =>
  `answers.${short(modelSha256)}.${short(tasksSha256)}.${version}`;

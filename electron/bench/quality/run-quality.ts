import { basename } from 'node:path';
import type { QualitySpec, TaskQuality } from '../../../shared/contract/quality.ts';
import { AppError, isAbort, toAppError } from '../../../shared/errors/app-error.ts';
import { partlyFailed } from '../run/partly-failed.ts';
import { answerTasks } from './answer-tasks.ts';
import { judgeText, type TextCandidate, type TextReading } from './judge-text.ts';
import { findReference, type Reference } from './find-reference.ts';
import type { QualityPorts } from './ports.ts';
import { refuseCalibrated } from './refuse-calibrated.ts';
import {
  answersKey,
  findSource,
  findSubject,
  resultId,
  windowsKey,
  type ReadingPlan,
  type Source,
  type Subject,
} from './subjects.ts';
import { readTaskItems } from './task-items.ts';
import { taskStatistics } from './task-statistics.ts';

export interface QualityWatching {
  readonly signal: AbortSignal;
  onProgress(fraction: number | null, note: string): void;
  /** A candidate has all that was asked for; its result is stored. Once per candidate, while others are still judged. */
  onResult?(id: string): void;
}

const caveatsOf = (reference: Reference, windowCount: number): readonly string[] => [
  ...(reference.type === 'pack'
    ? [
        'KL divergences are lower bounds: a reference pack stood in for the base, which cannot be asked tasks.',
      ]
    : []),
  ...(windowCount < 20 ? [`Only ${windowCount} windows: the standard errors are themselves uncertain.`] : []),
];

const identify = async (
  ports: QualityPorts,
  reference: Reference,
  subject: Subject,
  plan: ReadingPlan,
  signal: AbortSignal,
): Promise<TextCandidate> => {
  if (subject.facts.sha256 === reference.facts.sha256) {
    throw new AppError('quality.same-model', `${subject.facts.modelId} is the base itself.`, {
      hint: 'Every difference would be 0: choose a quantization of it.',
    });
  }
  const key = {
    baseSha256: reference.facts.sha256,
    candidateSha256: subject.facts.sha256,
    textSha256: reference.text.sha256,
    plan,
  };
  return {
    subject,
    device: await ports.planDevice(subject.path, signal),
    id: resultId(key),
    windowsKey: windowsKey(key),
  };
};

const noChat = 'The tasks were not asked: a model without a chat template cannot answer.';

/** Task accuracy of one pair, `null` when one of the two cannot chat. */
const judgeTasks = async (
  ports: QualityPorts,
  base: Subject,
  candidate: Subject,
  tasks: Source,
  watching: QualityWatching,
): Promise<TaskQuality | null> => {
  const items = readTaskItems(await ports.files.readText(tasks.path));
  const answersOf = (subject: Subject, half: 0 | 1) =>
    answerTasks(
      ports,
      subject,
      { key: answersKey(subject.facts.sha256, tasks.sha256), items },
      {
        signal: watching.signal,
        onAnswer: (done, total) =>
          watching.onProgress(
            (half + done / total) / 2,
            `Task ${done} of ${total}: ${subject.facts.modelId}`,
          ),
      },
    );
  const ofBase = await answersOf(base, 0);
  const ofCandidate = await answersOf(candidate, 1);
  if (ofBase === null || ofCandidate === null) return null;
  const paired = items.map(({ task }, index) => ({
    task,
    base: ofBase[index]?.isCorrect === true,
    candidate: ofCandidate[index]?.isCorrect === true,
  }));
  return { tasks: { name: tasks.name, sha256: tasks.sha256 }, ...taskStatistics(paired) };
};

/** Adds the tasks to every result that lacks these. */
const addTasks = async (
  ports: QualityPorts,
  base: Subject,
  candidates: readonly TextCandidate[],
  tasks: Source,
  { signal, onProgress, onResult }: QualityWatching,
): Promise<void> => {
  for (const [index, { id, subject }] of candidates.entries()) {
    const result = ports.store.get(id);
    if (result === undefined) continue;
    if (result.tasks?.tasks.sha256 === tasks.sha256) {
      onResult?.(id);
      continue;
    }
    const quality = await judgeTasks(ports, base, subject, tasks, {
      signal,
      onProgress: (fraction, note) => onProgress((index + (fraction ?? 0)) / candidates.length, note),
    });
    const caveats = [...new Set([...result.caveats, ...(quality === null ? [noChat] : [])])];
    ports.store.put({ ...result, caveats, tasks: quality });
    ports.publish({ type: 'quality.judged', resultId: id });
    onResult?.(id);
  }
};

/** Share of the whole job that the text takes when tasks follow. */
const textShare = 0.5;

/** All candidates in one pass, which reads the base once; the first that cannot be judged fails it. */
const runTogether = async (
  ports: QualityPorts,
  spec: QualitySpec,
  { signal, onProgress, onResult }: QualityWatching,
): Promise<readonly string[]> => {
  onProgress(null, 'Reading the files');
  const tasks = spec.tasks === 'none' ? null : await findSource(ports, 'tasks', spec.tasks, signal);
  if (tasks !== null) readTaskItems(await ports.files.readText(tasks.path)); // refused before an hour of work
  const reference = await findReference(ports, spec, signal);
  const plan: ReadingPlan = {
    contextSize: reference.contextSize,
    maxWindows: spec.maxWindows ?? null,
    packTopK: reference.type === 'pack' ? reference.topK : null,
  };
  const candidates: TextCandidate[] = [];
  for (const idOrPath of spec.candidates) {
    const subject = await findSubject(ports, idOrPath, signal);
    await refuseCalibrated(ports, subject, reference.text, signal);
    candidates.push(await identify(ports, reference, subject, plan, signal));
  }
  const share = tasks === null || reference.type === 'pack' ? 1 : textShare;

  const asksTasks = tasks !== null && reference.type === 'model';
  const toRead = candidates.filter(({ id }) => ports.store.get(id) === undefined);
  if (!asksTasks) for (const one of candidates) if (!toRead.includes(one)) onResult?.(one.id);
  const reading: TextReading = {
    reference: reference.score,
    referenceBytes: reference.type === 'model' ? reference.facts.sizeBytes : 0,
    backend: reference.backend,
    source: { name: reference.text.name, sha256: reference.text.sha256 },
    contextSize: reference.contextSize,
    maxWindows: plan.maxWindows,
    kind: reference.type === 'model' ? 'exact' : 'lower-bound',
  };
  if (toRead.length > 0) {
    await judgeText(ports, reading, toRead, {
      signal,
      onProgress: (done, total, note) => onProgress((share * done) / total, note),
      onJudged: ({ id, subject, device, windowsKey: pieces }, text) => {
        ports.store.put({
          id,
          measuredAtMs: ports.clock.nowMs(),
          base: reference.facts,
          candidate: subject.facts,
          text,
          tasks: null,
          conditions: {
            dynoVersion: ports.version,
            backend: reference.backend,
            baseGpuLayers: reference.type === 'model' ? reference.gpuLayers : null,
            candidateGpuLayers: device.gpuLayers,
          },
          caveats: [...caveatsOf(reference, text.protocol.windowCount)],
        });
        ports.store.removePieces(pieces);
        ports.publish({ type: 'quality.judged', resultId: id });
        if (!asksTasks) onResult?.(id);
      },
    });
  }

  if (asksTasks) {
    await addTasks(ports, reference.subject, candidates, tasks, {
      signal,
      onProgress: (fraction, note) => onProgress(share + (1 - share) * (fraction ?? 0), note),
      ...(onResult && { onResult }),
    });
  }
  return candidates.map(({ id }) => id);
};

/** Each on its own, so that one that cannot be judged costs only itself; its finished windows are stored already. */
const runApart = async (
  ports: QualityPorts,
  spec: QualitySpec,
  { onProgress, ...watching }: QualityWatching,
): Promise<readonly string[]> => {
  const count = spec.candidates.length;
  const ids: string[] = [];
  const failed: { readonly what: string; readonly error: AppError }[] = [];
  for (const [index, candidate] of spec.candidates.entries()) {
    try {
      const own: QualityWatching = {
        ...watching,
        onProgress: (fraction, note) => onProgress((index + (fraction ?? 0)) / count, note),
      };
      ids.push(...(await runTogether(ports, { ...spec, candidates: [candidate] }, own)));
    } catch (error) {
      if (watching.signal.aborted || isAbort(error)) throw error;
      failed.push({ what: `${basename(candidate)} was not judged`, error: toAppError(error) });
    }
  }
  const [first] = failed;
  if (first === undefined) return ids;
  if (ids.length === 0) throw first.error;
  throw partlyFailed(failed, 'The same command', { resultIds: ids.join(',') });
};

/**
 * Judges candidates against a base (or a pack made from it): a text first, then the tasks. What is stored is not
 * measured again; each candidate is told as it is finished. Resolves with the ids of the results, in the order of the
 * candidates.
 * @throws AppError `quality.*`, `models.*`, `engine.*`, `files.not-found`, `app.cancelled`; `bench.partly-failed` with the
 *   ids of the others in `details.resultIds` where only some could not be judged
 */
export const runQuality = async (
  ports: QualityPorts,
  spec: QualitySpec,
  { onResult, ...others }: QualityWatching,
): Promise<readonly string[]> => {
  const told = new Set<string>();
  const watching: QualityWatching = {
    ...others,
    onResult: (id) => {
      if (!told.has(id)) onResult?.(id);
      told.add(id);
    },
  };
  try {
    return await runTogether(ports, spec, watching);
  } catch (error) {
    if (watching.signal.aborted || isAbort(error) || spec.candidates.length < 2) throw error;
    ports.log.warn('candidates could not be judged together', { error });
    return runApart(ports, spec, watching);
  }
};

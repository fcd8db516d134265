import { QUALITY_FORMULA_VERSION, type TextQuality } from '../../../shared/contract/quality.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import {
  scoredSpan,
  type ScoreOpening,
  type ScoreReference,
  type ScoreTask,
  type WindowScore,
} from '../../engine/index.ts';
import type { QualityStore } from '../../platform/stores.ts';
import { planGroups } from './memory-groups.ts';
import type { QualityPorts, ScoringDevice } from './ports.ts';
import { windowScoreSchema } from './stored-pieces.ts';
import type { Subject } from './subjects.ts';
import { textStatistics } from './text-statistics.ts';
import { readWindow } from './window-values.ts';

/** A candidate to be read, with the id of its result and the key of its finished windows. */
export interface TextCandidate {
  readonly id: string;
  readonly subject: Subject;
  readonly device: ScoringDevice;
  readonly windowsKey: string;
}

export interface TextReading {
  readonly reference: ScoreReference;
  /** Bytes the reference takes in memory. */
  readonly referenceBytes: number;
  readonly backend: ScoringDevice['backend'];
  readonly source: TextQuality['text'];
  readonly contextSize: number;
  readonly maxWindows: number | null;
  readonly kind: TextQuality['kld']['kind'];
}

interface Watching {
  readonly signal: AbortSignal;
  /** Windows done of windows to do, over all candidates. */
  onProgress(done: number, total: number, note: string): void;
  /** A candidate is finished. */
  onJudged(candidate: TextCandidate, quality: TextQuality): void;
}

type Ports = Pick<QualityPorts, 'scorer' | 'host' | 'settings'> & { readonly store: QualityStore };

const storedWindows = (store: QualityStore, key: string, contextSize: number): Map<number, WindowScore> => {
  const { scored } = scoredSpan(contextSize);
  const scores = store.pieces(key).map(({ value }) => windowScoreSchema.parse(value));
  return new Map(
    scores.filter((score) => readWindow(score).nll.length === scored).map((score) => [score.position, score]),
  );
};

const judge = (
  reading: TextReading,
  opening: ScoreOpening,
  windows: ReadonlyMap<number, WindowScore>,
): TextQuality => {
  const { contextSize, windowCount, addsBos, vocabularySize, llamaCppRelease } = opening;
  const values = Array.from({ length: windowCount }, (_, position) => windows.get(position));
  const complete = values.filter((score) => score !== undefined);
  if (complete.length !== windowCount)
    throw new AppError('app.internal', `${windowCount - complete.length} windows were not scored.`);
  return {
    text: reading.source,
    protocol: {
      contextSize,
      scoredPerWindow: scoredSpan(contextSize).scored,
      windowCount,
      addsBos,
      vocabularySize,
      llamaCppRelease,
      formulaVersion: QUALITY_FORMULA_VERSION,
    },
    ...textStatistics(complete.map(readWindow), reading.kind),
  };
};

/** True when no window of the text lacks. */
const isWhole = ({ windowCount }: ScoreOpening, windows: ReadonlyMap<number, WindowScore>): boolean =>
  windows.size >= windowCount &&
  Array.from({ length: windowCount }, (_, position) => position).every((position) => windows.has(position));

/** One pass over the text: what is known of each candidate of the group before, and what to tell. */
interface Pass {
  readonly reading: TextReading;
  readonly group: readonly TextCandidate[];
  readonly signal: AbortSignal;
  /** `done` counts windows over the group, of `windowCount` each; `position` is the window read last. */
  onWindow(done: number, windowCount: number, position: number): void;
  /** Once per candidate, as soon as its last window is read: the others of the group may still lack theirs. */
  onRead(candidate: TextCandidate, opening: ScoreOpening, windows: ReadonlyMap<number, WindowScore>): void;
}

/** Reads what lacks of a group, storing window by window. */
const readGroup = async (ports: Ports, { reading, group, signal, onWindow, onRead }: Pass): Promise<void> => {
  const { scorer, store, host } = ports;
  const { threads, useMmap } = ports.settings();
  const limit = threads === 'auto' ? host.availableParallelism() : threads;
  const windows = group.map(({ windowsKey }) => storedWindows(store, windowsKey, reading.contextSize));
  const task: ScoreTask = {
    reference: reading.reference,
    candidates: group.map(({ subject, device }, index) => ({
      file: { path: subject.path, gpuLayers: device.gpuLayers },
      done: [...(windows[index]?.keys() ?? [])],
    })),
    contextSize: reading.contextSize,
    maxWindows: reading.maxWindows,
    backend: reading.backend,
    useMmap,
    threads: { limit, isFixed: threads !== 'auto' },
    topK: null,
  };
  let opening: ScoreOpening | undefined;
  const told = new Set<TextCandidate>();
  const tell = (candidate: TextCandidate, known: ReadonlyMap<number, WindowScore> | undefined): void => {
    if (opening === undefined || known === undefined || told.has(candidate)) return;
    told.add(candidate);
    onRead(candidate, opening, known);
  };
  const report = (): void => {
    if (opening === undefined) return;
    const { windowCount } = opening;
    const done = windows.reduce((sum, known) => sum + Math.min(known.size, windowCount), 0);
    onWindow(done, windowCount, Math.min(...windows.map((known) => known.size), windowCount - 1));
  };
  await scorer.score(
    task,
    {
      onOpened: (found) => {
        opening = found;
        // a context clipped by the model makes windows stored for a longer one worthless
        if (found.contextSize !== reading.contextSize) for (const known of windows) known.clear();
        report();
      },
      onWindow: (candidate, score) => {
        const read = group[candidate];
        const known = windows[candidate];
        if (read === undefined || known === undefined) return;
        store.addPiece(read.windowsKey, score.position, score);
        known.set(score.position, score);
        report();
        if (opening !== undefined && isWhole(opening, known)) tell(read, known);
      },
    },
    signal,
  );
  if (opening === undefined) throw new AppError('app.internal', 'The scorer told nothing.');
  for (const [index, candidate] of group.entries()) tell(candidate, windows[index]);
};

/**
 * Reads a text through the reference and the candidates, as many together as memory takes. Every window is stored when
 * it is done; one that was stored before is not read again.
 * @throws AppError as `Scorer.score` says
 */
export const judgeText = async (
  ports: Ports,
  reading: TextReading,
  candidates: readonly TextCandidate[],
  { signal, onProgress, onJudged }: Watching,
): Promise<void> => {
  const groups = planGroups(
    reading.referenceBytes,
    candidates.map(({ subject }) => subject.facts.sizeBytes),
    ports.host.availableMemoryBytes(),
  );
  let read = 0;
  for (const [groupIndex, indexes] of groups.entries()) {
    const group = indexes.map((index) => candidates[index]).filter((candidate) => candidate !== undefined);
    const part = groups.length === 1 ? '' : `, group ${groupIndex + 1} of ${groups.length}`;
    await readGroup(ports, {
      reading,
      group,
      signal,
      onWindow: (done, windowCount, position) =>
        onProgress(
          read * windowCount + done,
          candidates.length * windowCount,
          `Window ${position + 1} of ${windowCount}${part}`,
        ),
      onRead: (candidate, opening, windows) => onJudged(candidate, judge(reading, opening, windows)),
    });
    read += group.length;
  }
};

import type { LoadRun, LoadStage } from '../contract/load.ts';
import type { AppEvent } from './events.ts';

/** A load run under way as its watchers see it. */
export interface LoadProgress {
  readonly loadId: string;
  readonly stages: readonly LoadStage[];
  readonly notes: readonly { readonly atMs: number; readonly text: string }[];
  readonly hasEnded: boolean;
}

/** Where a watcher begins: with what is stored of the run so far. */
export const loadProgressOf = (run: LoadRun): LoadProgress => ({
  loadId: run.id,
  stages: run.stages,
  notes: [],
  hasEnded: ['done', 'failed', 'cancelled', 'interrupted'].includes(run.state.type),
});

const putStage = (stages: readonly LoadStage[], stage: LoadStage): readonly LoadStage[] =>
  [...stages.filter((known) => known.index !== stage.index), stage].toSorted((a, b) => a.index - b.index);

/** Folds one event of the run; events of other runs and other kinds change nothing. */
export const reduceLoad = (progress: LoadProgress, event: AppEvent): LoadProgress => {
  const { body } = event;
  if (!('loadId' in body) || body.loadId !== progress.loadId) return progress;
  switch (body.type) {
    case 'load.started':
      return { ...progress, hasEnded: false };
    case 'load.ticked':
      return progress;
    case 'load.stage-changed':
      return { ...progress, stages: putStage(progress.stages, body.stage) };
    case 'load.noted':
      return { ...progress, notes: [...progress.notes, { atMs: event.atMs, text: body.text }] };
    case 'load.ended':
      return { ...progress, hasEnded: true };
    default:
      return body satisfies never;
  }
};

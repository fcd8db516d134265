import type { Job } from '../contract/common.ts';
import type { Replica } from '../contract/engine.ts';
import type { Model } from '../contract/models.ts';
import type { ServerRequest, ServerStatus } from '../contract/server.ts';
import type { AppEvent } from './events.ts';

/** What a watcher knows of the host without asking again. Every list holds whole objects, newest first. */
export interface AppState {
  /** The last event folded in; a watcher resumes behind it. */
  readonly seq: number;
  readonly jobs: readonly Job[];
  readonly models: readonly Model[];
  readonly replicas: readonly Replica[];
  readonly server: ServerStatus;
  readonly requests: readonly ServerRequest[];
}

/** The live table is a window on the traffic, not its archive. */
const KEPT_REQUESTS = 200;

export const emptyAppState: AppState = {
  seq: 0,
  jobs: [],
  models: [],
  replicas: [],
  server: { type: 'off' },
  requests: [],
};

/** Replaces the item with the same id where it stands, or puts a new one in front. */
const put = <T extends { readonly id: string }>(list: readonly T[], item: T): readonly T[] =>
  list.some((known) => known.id === item.id)
    ? list.map((known) => (known.id === item.id ? item : known))
    : [item, ...list];

/**
 * Folds one event. An event already seen (`seq` not above the state's) changes nothing, so that a resumed stream may
 * overlap. Bench events belong to `reduceRun`, load events to `reduceLoad`; here they only move `seq`.
 */
export const reduceApp = (state: AppState, event: AppEvent): AppState => {
  if (event.seq <= state.seq) return state;
  const next = { ...state, seq: event.seq };
  const { body } = event;
  switch (body.type) {
    case 'job.changed':
      return { ...next, jobs: put(state.jobs, body.job) };
    case 'model.added':
    case 'model.changed':
      return { ...next, models: put(state.models, body.model) };
    case 'model.removed':
      return { ...next, models: state.models.filter((model) => model.id !== body.modelId) };
    case 'engine.changed':
      return { ...next, replicas: put(state.replicas, body.replica) };
    case 'engine.removed':
      return { ...next, replicas: state.replicas.filter((replica) => replica.id !== body.replicaId) };
    case 'server.changed':
      return { ...next, server: body.status };
    case 'server.request-changed':
      return { ...next, requests: put(state.requests, body.request).slice(0, KEPT_REQUESTS) };
    case 'bench.started':
    case 'bench.make-changed':
    case 'bench.judge-changed':
    case 'bench.load-changed':
    case 'bench.cell-started':
    case 'bench.repetition-measured':
    case 'bench.cell-finished':
    case 'bench.ticked':
    case 'bench.noted':
    case 'bench.ended':
    case 'quality.judged':
    case 'sweep.changed':
    case 'load.started':
    case 'load.stage-changed':
    case 'load.ticked':
    case 'load.noted':
    case 'load.ended':
    case 'budget.reached':
      return next;
    default:
      return body satisfies never;
  }
};

/** True while a job still needs the machine. */
export const isJobActive = (job: Job): boolean =>
  job.state.type === 'queued' || job.state.type === 'running' || job.state.type === 'paused';

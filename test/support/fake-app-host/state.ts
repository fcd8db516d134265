import { setTimeout as sleep } from 'node:timers/promises';
import type { TimelinePoint } from '../../../shared/contract/bench-tick.ts';
import type { BenchRun } from '../../../shared/contract/bench.ts';
import type { CellRepetition } from '../../../shared/contract/bench-live.ts';
import type { MakeStep } from '../../../shared/contract/bench-make.ts';
import type { ImportedRun } from '../../../shared/contract/imports.ts';
import type { Job, JobState } from '../../../shared/contract/common.ts';
import type { Model } from '../../../shared/contract/models.ts';
import type { ServerRequest, ServerStatus } from '../../../shared/contract/server.ts';
import type { Settings } from '../../../shared/contract/settings.ts';
import { settingsSchema } from '../../../shared/contract/settings.ts';
import { finishedRun, measuredCell, newRun } from './bench.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { fakeTelemetry } from './machine.ts';
import { judgedRun } from './judged.ts';
import { demoModel, otherModels } from './models.ts';
import { fakeRepetition, fakeRepetitions, repetitionEnds } from './repetitions.ts';

/** The fake host's memory. Test-only; everything the screens show comes from here. */
export interface FakeHost {
  readonly events: EventHub;
  readonly startedAtMs: number;
  models: readonly Model[];
  readonly runs: Map<string, BenchRun>;
  readonly imports: ImportedRun[];
  readonly timelines: Map<string, TimelinePoint[]>;
  readonly repetitions: Map<string, readonly CellRepetition[]>;
  readonly jobs: Map<string, Job>;
  readonly cancelled: Set<string>;
  requests: readonly ServerRequest[];
  server: ServerStatus;
  settings: Settings;
  apiKey: string;
  /** Milliseconds of real time per tick of the simulation. */
  readonly tickMs: number;
  monotonicMs(): number;
  setJob(job: Job, state: JobState): Job;
  quantize(base: Model, type: string): Job;
  bench(
    name: string,
    models: readonly Model[],
    preset: string,
    /** Types to make of the first model. */
    make: readonly string[],
  ): { readonly runId: string; readonly jobId: string };
}

interface FakeHostOptions {
  readonly isFresh?: boolean;
  readonly tickMs?: number;
}

export const createFakeHost = ({ isFresh = true, tickMs = 40 }: FakeHostOptions = {}): FakeHost => {
  const nowMs = (): number => Date.now();
  const startedAtMs = nowMs();
  const events = createEventHub(nowMs);
  let lastId = 0;
  const id = (prefix: string): string => `${prefix}_${String((lastId += 1)).padStart(4, '0')}`;

  const host: FakeHost = {
    events,
    startedAtMs,
    models: isFresh
      ? [demoModel('F16'), ...otherModels]
      : [...['F16', 'Q8_0', 'Q4_K_M', 'Q2_K'].map(demoModel), ...otherModels],
    runs: new Map(),
    imports: [],
    timelines: new Map(),
    repetitions: new Map(),
    jobs: new Map(),
    cancelled: new Set(),
    requests: [],
    server: { type: 'off' },
    settings: settingsSchema.parse({}),
    apiKey: 'dyno-test-key-0123456789abcdef',
    tickMs,
    monotonicMs: () => performance.now(),
    setJob: (job, state) => {
      const isOver = !['queued', 'running', 'paused'].includes(state.type);
      const next = { ...job, state, endedAtMs: isOver ? nowMs() : null };
      host.jobs.set(job.id, next);
      events.publish({ type: 'job.changed', job: next });
      return next;
    },
    quantize: (base, type) => {
      const job = newJob('quantize', `Quantize ${base.id} to ${type}`);
      void simulateQuantize(job, type);
      return job;
    },
    bench: (name, models, preset, make) => {
      const types = make.map(demoModel);
      const run = newRun(id('run'), name, [...models, ...types], preset, nowMs());
      host.runs.set(run.id, {
        ...run,
        makes: types.map((model) => {
          const isReused = host.models.some((known) => known.id === model.id);
          return {
            type: model.quantization,
            baseModelId: models[0]?.id ?? '',
            modelId: model.id,
            state: isReused ? { type: 'made', isReused } : { type: 'waiting' },
          };
        }),
      });
      const job = newJob('bench', name);
      events.publish({ type: 'bench.started', runId: run.id });
      void simulateRun(run.id, job);
      return { runId: run.id, jobId: job.id };
    },
  };

  const newJob = (kind: Job['kind'], title: string): Job =>
    host.setJob(
      { id: id('job'), kind, title, startedAtMs: nowMs(), endedAtMs: null, state: { type: 'queued' } },
      { type: 'running', fraction: 0, etaMs: null, note: '' },
    );

  const simulateQuantize = async (job: Job, type: string): Promise<void> => {
    for (let step = 1; step <= 5; step += 1) {
      await sleep(tickMs);
      host.setJob(job, {
        type: 'running',
        fraction: step / 6,
        etaMs: (6 - step) * tickMs,
        note: `tensor ${step}`,
      });
    }
    const model = demoModel(type);
    host.models = [...host.models, model];
    events.publish({ type: 'model.added', model });
    host.setJob(job, { type: 'done', resultId: model.id });
  };

  const simulateMakes = async (
    runId: string,
    job: Job,
    put: (change: (run: BenchRun) => BenchRun) => void,
  ): Promise<void> => {
    for (const make of host.runs.get(runId)?.makes.filter(({ state }) => state.type === 'waiting') ?? []) {
      const become = (state: MakeStep['state']): void => {
        const next = { ...make, state };
        put((run) => ({ ...run, makes: run.makes.map((one) => (one.type === make.type ? next : one)) }));
        events.publish({ type: 'bench.make-changed', runId, make: next });
      };
      become({ type: 'making', path: '' });
      for (let step = 1; step <= 5; step += 1) {
        await sleep(tickMs);
        const note = `Making ${make.type}, ${step * 20} %`;
        host.setJob(job, { type: 'running', fraction: step / 200, etaMs: null, note });
      }
      const model = demoModel(make.type);
      host.models = [...host.models, model];
      events.publish({ type: 'model.added', model });
      become({ type: 'made', isReused: false });
    }
  };

  const simulateRun = async (runId: string, job: Job): Promise<void> => {
    const note = (text: string): void => events.publish({ type: 'bench.noted', runId, text });
    const put = (change: (run: BenchRun) => BenchRun): void => {
      const run = host.runs.get(runId);
      if (run !== undefined) host.runs.set(runId, change(run));
    };
    const cells = host.runs.get(runId)?.cells ?? [];
    const timeline: TimelinePoint[] = [];
    host.timelines.set(runId, timeline);
    const repetitions: CellRepetition[] = [];
    host.repetitions.set(runId, repetitions);
    await simulateMakes(runId, job, put);
    note('Looked at the machine for 2 s: other programs use 3 % of the processor.');
    for (const [index, cell] of cells.entries()) {
      const model = host.runs.get(runId)?.models.find((candidate) => candidate.modelId === cell.modelId);
      if (cells[index - 1]?.modelId !== cell.modelId) {
        const load = { modelId: cell.modelId, startedAtMs: nowMs(), endedAtMs: null };
        events.publish({ type: 'bench.load-changed', runId, load });
        await sleep(3 * tickMs);
        const loaded = { ...load, endedAtMs: nowMs() };
        put((run) => ({ ...run, loads: [...run.loads, loaded] }));
        events.publish({ type: 'bench.load-changed', runId, load: loaded });
      }
      const startedAtMs = nowMs();
      let measuredFromMs = host.monotonicMs();
      events.publish({ type: 'bench.cell-started', runId, cellId: cell.id });
      put((run) => ({
        ...run,
        cells: run.cells.map((one) => (one.id === cell.id ? { ...one, state: 'running', startedAtMs } : one)),
      }));
      note(`${model?.quantization ?? ''} ${cell.test}: warming up until three repetitions agree within 2 %.`);
      for (let step = 0; step < 14; step += 1) {
        await sleep(tickMs);
        if (host.cancelled.has(job.id)) {
          put((run) => ({ ...run, state: { type: 'cancelled' }, endedAtMs: nowMs() }));
          host.setJob(job, { type: 'cancelled' });
          events.publish({ type: 'bench.ended', runId });
          return;
        }
        const base = cell.test === 'pp512' ? 2400 : 1700;
        const tick = {
          atMs: host.monotonicMs(),
          cellId: cell.id,
          tokensPerSecond: base * (1 + 0.06 * Math.sin(step)) + index * 40,
          ttftsMs: cell.ladder === 'api' && step % 2 === 0 ? [11 + Math.sin(step) * 3] : [],
          residentBytes: (180 + index * 4 + step) * 1024 ** 2,
        };
        timeline.push({ tick, telemetry: fakeTelemetry(step + index * 14, host.monotonicMs(), nowMs()) });
        events.publish({ type: 'bench.ticked', runId, tick });
        if (repetitionEnds.includes(step)) {
          const number = repetitionEnds.indexOf(step);
          const endMs = host.monotonicMs();
          const repetition = fakeRepetition(cell, number, measuredFromMs, endMs, tick.tokensPerSecond);
          measuredFromMs = endMs;
          repetitions.push(repetition);
          events.publish({ type: 'bench.repetition-measured', runId, cellId: cell.id, repetition });
        }
        const fraction = (index + step / 14) / cells.length;
        host.setJob(job, {
          type: 'running',
          fraction,
          etaMs: (1 - fraction) * cells.length * 14 * tickMs,
          note: cell.test,
        });
      }
      const done = measuredCell(cell, model?.quantization ?? '', startedAtMs, nowMs());
      put((run) => ({ ...run, cells: run.cells.map((one) => (one.id === cell.id ? done : one)) }));
      events.publish({ type: 'bench.cell-finished', runId, cell: done });
      note(`${model?.quantization ?? ''} ${cell.test}: 3 repetitions after 2 warm-ups, spread 0.8 %.`);
    }
    put((run) => ({ ...finishedRun(run), cells: run.cells, endedAtMs: nowMs() }));
    host.setJob(job, { type: 'done', resultId: runId });
    events.publish({ type: 'bench.ended', runId });
  };

  if (!isFresh) {
    const models = host.models.slice(0, 4);
    const earlier = [
      newRun('run_demo', 'First comparison of Dyno Demo 4M', models, 'quick', startedAtMs - 12 * 60_000),
      newRun(
        'run_old',
        'Q4_K_M after the driver update',
        models.slice(0, 3),
        'standard',
        startedAtMs - 26 * 3_600_000,
      ),
    ];
    for (const run of earlier) host.runs.set(run.id, finishedRun(run));
    const shootout = newRun(
      'run_judged',
      'Shoot-out of Dyno Demo 4M',
      models,
      'quick',
      startedAtMs - 5 * 60_000,
    );
    host.runs.set(shootout.id, judgedRun(finishedRun(shootout)));
    const demo = host.runs.get('run_demo');
    if (demo !== undefined) host.repetitions.set('run_demo', fakeRepetitions(demo));
    host.timelines.set(
      'run_demo',
      Array.from({ length: 320 }, (_, step) => ({
        tick: {
          atMs: step * 100,
          cellId: 'x',
          tokensPerSecond: 1600 + 700 * Math.sin(step / 30) ** 2,
          ttftsMs: step % 9 === 0 ? [10 + (step % 7)] : [],
          residentBytes: (180 + step / 8) * 1024 ** 2,
        },
        telemetry: fakeTelemetry(step, step * 100, startedAtMs - 12 * 60_000 + step * 100),
      })),
    );
    const failed = newRun(
      'run_bad',
      'Qwen3 8B deep context',
      [otherModels[1] ?? demoModel('F16')],
      'standard',
      startedAtMs - 50 * 3_600_000,
    );
    host.runs.set('run_bad', {
      ...failed,
      endedAtMs: failed.createdAtMs + 9000,
      state: {
        type: 'failed',
        error: {
          code: 'engine.out-of-memory',
          message: 'Needs 9.1 GiB, 7.8 GiB are free.',
          hint: 'Choose Q4_K_M or a context of 4,096.',
        },
      },
    });
  }
  return host;
};

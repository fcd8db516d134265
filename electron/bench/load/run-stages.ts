import type { LoadRun, LoadStage, LoadTick } from '../../../shared/contract/load.ts';
import { isAbort, type AppError } from '../../../shared/errors/app-error.ts';
import type { Driver, WindowResult } from '../driver/create-driver.ts';
import type { DriverTick } from '../driver/messages.ts';
import type { BoundProfile, Stage, StageResult } from '../profiles/profile.ts';
import { stageTrust } from './load-trust.ts';
import type { LoadPorts } from './load-ports.ts';
import type { OpenTarget } from './open-target.ts';
import { summarizeStage } from './summarize-stage.ts';
import { targetError } from './target-error.ts';
import { writePrompts, type WrittenStage } from './write-prompts.ts';

export interface StageProgress {
  readonly index: number;
  readonly stage: Stage;
  /** Share of the stage's planned time, 0..1. */
  readonly fraction: number;
}

interface RunStagesOptions {
  readonly run: LoadRun;
  readonly profile: BoundProfile;
  readonly driver: Driver;
  readonly open: OpenTarget;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: StageProgress) => void;
}

/** Failures that mean the target is gone, whatever load it was under. */
const goneCodes: ReadonlySet<string> = new Set([
  'bench.target-unreachable',
  'bench.target-hung',
  'bench.target-unauthorized',
]);

/** Least time a stage takes, ms; for progress. */
const plannedMs = ({ pacing, requests }: Stage): number =>
  pacing.type === 'closed' ? pacing.minimumMs : (requests.at(-1)?.offsetMs ?? 0);

const resultOf = (stage: LoadStage): readonly StageResult[] =>
  stage.state === 'done' && stage.summary !== null
    ? [{ name: stage.name, load: stage.load, summary: stage.summary }]
    : [];

/** The target's error where a stage brought no answer at all and more load cannot be the reason. */
const failureOf = (result: WindowResult, index: number, url: string): AppError | null => {
  const failures = result.samples.flatMap((sample) => (sample.error === null ? [] : [sample.error]));
  const [first] = failures;
  if (first === undefined || failures.length < result.samples.length) return null;
  const isGone = failures.every((failure) => goneCodes.has(failure.code));
  return index === 0 || isGone ? targetError(first, url) : null;
};

const payloadOf = ({ code, message, hint }: AppError) => ({
  code,
  message,
  ...(hint !== undefined && { hint }),
});

/**
 * Measures stage after stage until the shape is complete; every sample is stored when it comes in, every stage when it
 * ends. Stages that were finished before are kept, the shape goes on behind them.
 *
 * @throws AppError `app.cancelled`, with the stage that was under way kept as far as it had come; `bench.target-*` when the
 *   target is gone
 */
export const runStages = async (ports: LoadPorts, options: RunStagesOptions): Promise<void> => {
  const { loads, publish, clock } = ports;
  const { run, profile, driver, open, signal, onProgress } = options;
  const slo = run.slo;

  const put = (stage: LoadStage): void => {
    loads.putStage(run.id, stage);
    publish({ type: 'load.stage-changed', loadId: run.id, stage });
  };
  const scheduleOf = ({ load, pacing }: Stage) =>
    pacing.type === 'open' && load.type === 'rate' ? { perSecond: load.perSecond } : null;
  const tell = (index: number, counts: { finished: number; failed: number }, tick: DriverTick): void => {
    const point: LoadTick = {
      atMs: tick.atMs,
      stage: index,
      tokensPerSecond: tick.spanMs > 0 ? (tick.tokens / tick.spanMs) * 1000 : 0,
      inFlight: tick.inFlight,
      ttftsMs: tick.ttftsMs,
      ...counts,
    };
    loads.addTick(run.id, point);
    publish({ type: 'load.ticked', loadId: run.id, tick: point });
  };

  const drive = async (stage: Stage, index: number, written: WrittenStage): Promise<WindowResult> => {
    const counts = { finished: 0, failed: 0 };
    const startMs = clock.monotonicMs();
    const wholeMs = plannedMs(stage);
    return driver.run(
      {
        id: `${run.id}/${index}`,
        target: open.target,
        pacing: stage.pacing,
        requests: [...written.requests],
        texts: [...written.texts],
        reusesPrompts: stage.reusesPrompts,
        repetition: index,
        isWarmup: false,
        seed: run.seed,
        idleTimeoutMs: run.idleTimeoutMs,
      },
      {
        signal,
        onTick: (tick) => {
          tell(index, counts, tick);
          const spentMs = clock.monotonicMs() - startMs;
          onProgress({ index, stage, fraction: wholeMs > 0 ? Math.min(1, spentMs / wholeMs) : 0 });
        },
        onSamples: (samples) => {
          loads.addSamples(run.id, index, samples);
          for (const sample of samples) counts[sample.error === null ? 'finished' : 'failed'] += 1;
        },
      },
    );
  };

  /** Keeps what a stage that was stopped has brought so far. */
  const keepPart = (begun: LoadStage, stage: Stage, startedAtMs: number): void => {
    const samples = loads.samples(run.id, begun.index);
    const facts = {
      startedAtMs,
      endedAtMs: clock.monotonicMs(),
      loopDelayP99Ms: null,
      slo,
      schedule: scheduleOf(stage),
    };
    const summary = samples.length === 0 ? null : summarizeStage(samples, facts);
    put({ ...begun, state: 'cancelled', endedAtMs: clock.nowMs(), summary });
  };

  const measure = async (stage: Stage, index: number): Promise<StageResult> => {
    loads.clearStage(run.id, index);
    onProgress({ index, stage, fraction: 0 });
    const written = await writePrompts(stage.requests, open.prompts, { seed: run.seed + index, signal });
    const begun: LoadStage = {
      index,
      name: stage.name,
      load: stage.load,
      state: 'running',
      startedAtMs: clock.nowMs(),
      endedAtMs: null,
      summary: null,
      trust: null,
      error: null,
    };
    put(begun);
    const startedAtMs = clock.monotonicMs();
    let result: WindowResult;
    try {
      result = await drive(stage, index, written);
    } catch (error) {
      if (signal.aborted || isAbort(error)) keepPart(begun, stage, startedAtMs);
      throw error;
    }
    const summary = summarizeStage(result.samples, {
      startedAtMs: result.startedAtMs,
      endedAtMs: result.endedAtMs,
      loopDelayP99Ms: result.eventLoopDelayP99Ms,
      slo,
      schedule: scheduleOf(stage),
    });
    const { reusesPrompts } = stage;
    const trust = stageTrust(result.samples, { summary, reusesPrompts, builtTokens: written.builtTokens });
    const failure = failureOf(result, index, open.target.baseUrl);
    const ended = { ...begun, endedAtMs: clock.nowMs(), summary, trust };
    if (failure !== null) {
      put({ ...ended, state: 'failed', error: payloadOf(failure) });
      throw failure;
    }
    put({ ...ended, state: 'done' });
    return { name: stage.name, load: stage.load, summary };
  };

  const results = run.stages.flatMap(resultOf);
  for (let stage = profile.plan(results); stage !== null; stage = profile.plan(results)) {
    signal.throwIfAborted();
    results.push(await measure(stage, results.length));
  }
};

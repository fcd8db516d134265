import { AppError } from '../../../shared/errors/app-error.ts';
import type { EngineReplica } from '../../engine/engine.ts';
import type { Clock } from '../../platform/ports.ts';
import type { Arm, Measured, RepetitionRequest } from './arms.ts';
import type { Driver } from '../driver/create-driver.ts';
import type { DriverTick } from '../driver/messages.ts';
import { ownTarget } from './own-target.ts';
import type { BenchTarget } from '../ports.ts';
import type { BoundProfile, Stage } from '../profiles/profile.ts';
import type { PromptSource } from './prompts.ts';
import { promptCountError } from '../figures/prompt-count-error.ts';
import { windowValues } from '../figures/request-metrics.ts';
import { writePrompts, type WrittenStage } from '../load/write-prompts.ts';

/** A stream that is silent for longer has failed; a long prefill on a slow machine is within it. */
const idleTimeoutMs = 300_000;
/** Room above the requests the first window used, for windows that go a little faster. */
const spareShare = 1.5;

interface ApiArmOptions {
  readonly cellId: string;
  readonly replica: Pick<EngineReplica, 'usage'>;
  readonly route: 'chat' | 'completion';
  readonly prompts: PromptSource;
  readonly target: Pick<BenchTarget, 'baseUrl' | 'apiKey' | 'modelName'>;
  readonly driver: Driver;
  readonly profile: BoundProfile;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly signal: AbortSignal;
  readonly onTick: (tick: DriverTick) => void;
}

/** The speed a window settles by: what all users get together, or what the one user gets. */
const speedOf = (values: Measured['repetition']['values'], concurrency: number): number | null =>
  (concurrency > 1 ? values.systemTps : undefined) ?? values.decodeTps ?? null;

/** The bench repeats one stage; a shape that plans none cannot be measured this way. */
const onlyStage = (profile: BoundProfile): Stage => {
  const stage = profile.plan([]);
  if (stage !== null) return stage;
  throw new AppError('app.bad-input', `${profile.test} has nothing to send.`);
};

/** A model behind the product's own server under one load profile: what a client gets, over real HTTP. */
export const createApiArm = (options: ApiArmOptions): Arm => {
  const { replica, driver, profile, clock, signal } = options;
  const stage = onlyStage(profile);
  let requestsNeeded = Infinity;

  const write = (seed: number): Promise<WrittenStage> =>
    writePrompts(
      stage.requests.slice(0, requestsNeeded),
      { type: 'built', source: options.prompts, isExact: true },
      { seed, signal },
    );
  const runWindow = (written: WrittenStage, { index, isWarmup, seed }: RepetitionRequest) =>
    driver.run(
      {
        id: `${options.cellId}/${isWarmup ? 'warm-up' : 'repetition'}-${index}`,
        target: ownTarget(options.target, options.route),
        pacing: stage.pacing,
        requests: [...written.requests],
        texts: [...written.texts],
        reusesPrompts: stage.reusesPrompts,
        repetition: index,
        isWarmup,
        seed,
        idleTimeoutMs,
      },
      { signal, onTick: options.onTick },
    );

  return {
    cellId: options.cellId,
    measure: async (request): Promise<Measured> => {
      const written = await write(request.seed);
      const before = await replica.usage();
      const startedAtMs = clock.monotonicMs();
      const result = await runWindow(written, request);
      const after = await replica.usage();
      const wallMs = result.endedAtMs - result.startedAtMs;
      const values = windowValues(result.samples);
      if (request.isWarmup && request.index === 0) {
        const perStream = Math.ceil((result.samples.length * spareShare) / profile.concurrency) + 1;
        requestsNeeded = perStream * profile.concurrency;
      }
      return {
        repetition: {
          index: request.index,
          isWarmup: request.isWarmup,
          startedAtMs,
          wallMs,
          cpuPerWall: ((after.cpuSeconds - before.cpuSeconds) / wallMs) * 1000,
          values,
          residentBytes: Math.max(before.residentBytes, after.residentBytes),
        },
        speed: speedOf(values, profile.concurrency),
        samples: result.samples,
        loopDelayP99Ms: result.eventLoopDelayP99Ms,
        promptCountError: promptCountError(result.samples, written.builtTokens),
        reusesPrompts: stage.reusesPrompts,
      };
    },
  };
};

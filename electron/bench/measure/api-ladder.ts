import { max } from 'simple-statistics';
import type { RequestSample } from '../../../shared/contract/bench.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { EngineReplica } from '../../engine/engine.ts';
import type { Clock } from '../../platform/ports.ts';
import type { Arm, Measured, RepetitionRequest } from './arms.ts';
import type { Driver } from '../driver/create-driver.ts';
import type { DriverTick } from '../driver/messages.ts';
import { ownTarget } from './own-target.ts';
import type { BenchTarget } from '../ports.ts';
import type { BoundProfile, PlannedRequest, Stage } from '../profiles/profile.ts';
import type { PromptSource } from './prompts.ts';
import { windowValues } from '../figures/request-metrics.ts';

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

const promptCountError = (
  samples: readonly RequestSample[],
  requests: readonly PlannedRequest[],
): number | null => {
  const asked = new Map(requests.map((request) => [request.index, request.promptTokens]));
  const errors = samples.flatMap(({ index, promptTokens }) => {
    const built = asked.get(index);
    return promptTokens === null || built === undefined ? [] : [Math.abs(promptTokens - built) / built];
  });
  return errors.length === 0 ? null : max(errors);
};

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

  const buildPrompts = (seed: number) =>
    Promise.all(
      stage.requests.slice(0, requestsNeeded).map(async (request) => {
        const prompt = await options.prompts.build(request.promptTokens, { seed, ordinal: request.index });
        signal.throwIfAborted();
        return { request: { ...request, promptTokens: prompt.tokens }, text: prompt.text };
      }),
    );
  const runWindow = (
    prompts: Awaited<ReturnType<typeof buildPrompts>>,
    { index, isWarmup, seed }: RepetitionRequest,
  ) =>
    driver.run(
      {
        id: `${options.cellId}/${isWarmup ? 'warm-up' : 'repetition'}-${index}`,
        target: ownTarget(options.target, options.route),
        pacing: stage.pacing,
        requests: prompts.map(({ request }, text) => ({ ...request, text })),
        texts: prompts.map(({ text }) => text),
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
      const prompts = await buildPrompts(request.seed);
      const before = await replica.usage();
      const startedAtMs = clock.monotonicMs();
      const result = await runWindow(prompts, request);
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
        promptCountError: promptCountError(
          result.samples,
          prompts.map((prompt) => prompt.request),
        ),
      };
    },
  };
};

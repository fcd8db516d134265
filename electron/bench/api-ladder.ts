import { max } from 'simple-statistics';
import type { RequestSample } from '../../shared/contract/bench.ts';
import type { EngineReplica } from '../engine/engine.ts';
import type { Clock } from '../platform/ports.ts';
import type { Arm, Measured, RepetitionRequest } from './arms.ts';
import type { Driver } from './driver/create-driver.ts';
import type { DriverRequest, DriverTick } from './driver/messages.ts';
import type { BenchTarget } from './ports.ts';
import type { BoundProfile, PlannedRequest } from './profiles/profile.ts';
import type { PromptSource } from './prompts.ts';
import { windowValues } from './request-metrics.ts';

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
  readonly contextSize: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly signal: AbortSignal;
  readonly onTick: (tick: DriverTick) => void;
}

/** The speed a window settles by: what all users get together, or what the one user gets. */
const speedOf = (values: Measured['repetition']['values'], concurrency: number): number | null =>
  (concurrency > 1 ? values.systemTps : undefined) ?? values.decodeTps ?? null;

const promptCountError = (
  samples: readonly RequestSample[],
  requests: readonly DriverRequest[],
): number | null => {
  const asked = new Map(requests.map((request) => [request.index, request.promptTokens]));
  const errors = samples.flatMap(({ index, promptTokens }) => {
    const built = asked.get(index);
    return promptTokens === null || built === undefined ? [] : [Math.abs(promptTokens - built) / built];
  });
  return errors.length === 0 ? null : max(errors);
};

/** A model behind the product's own server under one load profile: what a client gets, over real HTTP. */
export const createApiArm = (options: ApiArmOptions): Arm => {
  const { replica, driver, profile, clock, signal } = options;
  let requestsNeeded = Infinity;

  const planned = (): readonly PlannedRequest[] => profile.plan().slice(0, requestsNeeded);
  const buildRequests = (seed: number): Promise<readonly DriverRequest[]> =>
    Promise.all(
      planned().map(async (request) => {
        const prompt = await options.prompts.build(request.promptTokens, { seed, ordinal: request.index });
        signal.throwIfAborted();
        return { ...request, promptTokens: prompt.tokens, prompt: prompt.text };
      }),
    );
  const runWindow = (requests: readonly DriverRequest[], { index, isWarmup, seed }: RepetitionRequest) =>
    driver.run(
      {
        id: `${options.cellId}/${isWarmup ? 'warm-up' : 'repetition'}-${index}`,
        target: {
          baseUrl: options.target.baseUrl,
          apiKey: options.target.apiKey,
          modelName: options.target.modelName,
          route: options.route,
        },
        profile: {
          name: profile.name,
          parameters: { ...profile.parameters },
          contextSize: options.contextSize,
        },
        requests: [...requests],
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
      const requests = await buildRequests(request.seed);
      const before = await replica.usage();
      const startedAtMs = clock.monotonicMs();
      const result = await runWindow(requests, request);
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
        promptCountError: promptCountError(result.samples, requests),
      };
    },
  };
};

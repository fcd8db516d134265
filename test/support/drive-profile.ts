import { profileNamed } from '../../electron/bench/profiles/list.ts';
import type {
  BoundProfile,
  PlanMaterial,
  PlannedRequest,
  Stage,
} from '../../electron/bench/profiles/profile.ts';
import { runStage } from '../../electron/bench/profiles/run-stage.ts';
import { createFakeClock } from './fake-clock.ts';

interface Send {
  readonly request: PlannedRequest;
  readonly fromMs: number;
  readonly toMs: number;
  readonly intendedAtMs: number;
}

interface DriveOptions {
  readonly contextSize?: number;
  readonly material?: Partial<PlanMaterial>;
  readonly signal?: AbortSignal;
  readonly isAnswered?: (request: PlannedRequest) => boolean;
}

export const firstStage = (profile: BoundProfile): Stage => {
  const stage = profile.plan([]);
  if (stage === null) throw new Error(`${profile.test} plans nothing`);
  return stage;
};

/** Runs a shape's first stage on virtual time, against answers that take a fixed time; gives every send. */
export const drive = async (
  name: string,
  parameters: object,
  answerMs: number | ((request: PlannedRequest) => number),
  { contextSize = 4096, material, signal, isAnswered = () => true }: DriveOptions = {},
) => {
  const clock = createFakeClock({ monotonicMs: 0 });
  const profile = profileNamed(name).bind(parameters, contextSize, material);
  const stage = firstStage(profile);
  const sends: Send[] = [];
  const dropped: PlannedRequest[] = [];
  await clock.runUntil(
    runStage(stage.requests, stage.pacing, {
      clock,
      signal: signal ?? new AbortController().signal,
      send: async (request, intendedAtMs) => {
        const fromMs = clock.monotonicMs();
        await clock.sleep(typeof answerMs === 'number' ? answerMs : answerMs(request));
        sends.push({ request, fromMs, toMs: clock.monotonicMs(), intendedAtMs });
        return isAnswered(request);
      },
      drop: (request) => dropped.push(request),
    }),
  );
  return { profile, stage, sends, dropped };
};

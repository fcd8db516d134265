import { z } from 'zod';
import type { LoadWorld, PlannedRequest } from './profile.ts';

/** Lengths and amounts that every closed shape shares. */
export const closedParameters = {
  promptTokens: z.number().int().min(8).default(128),
  outputTokens: z.number().int().min(2).default(64),
  /** Requests each stream sends at least. */
  requests: z.number().int().min(1).default(2),
  /** A stream goes on sending until the window has lasted this long, so that fast models are not judged on a blink. */
  minimumMs: z.number().int().min(0).default(250),
};

interface ClosedParameters {
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly requests: number;
  readonly minimumMs: number;
}

/** However fast the answers come, a stream sends at most this many times its `requests`. */
const stretch = 16;

/** Keeps prompt and answer within the context, the answer at most a third of it. */
export const clipToContext = <P extends ClosedParameters>(parameters: P, contextSize: number): P => {
  const outputTokens =
    parameters.promptTokens + parameters.outputTokens <= contextSize
      ? parameters.outputTokens
      : Math.min(parameters.outputTokens, Math.max(2, Math.floor(contextSize / 3)));
  return {
    ...parameters,
    outputTokens,
    promptTokens: Math.min(parameters.promptTokens, contextSize - outputTokens),
  };
};

/** Requests dealt out to the streams in turn, so that the first ones of all streams have the lowest indices. */
export const planStreams = (streams: number, parameters: ClosedParameters): readonly PlannedRequest[] =>
  Array.from({ length: streams * parameters.requests * stretch }, (_, index) => ({
    index,
    stream: index % streams,
    promptTokens: parameters.promptTokens,
    outputTokens: parameters.outputTokens,
  }));

/** Every stream sends its next request the moment the answer to its last one is complete. */
export const runStreams = async (
  requests: readonly PlannedRequest[],
  { requests: atLeast, minimumMs }: ClosedParameters,
  world: LoadWorld,
): Promise<void> => {
  const startMs = world.clock.monotonicMs();
  const runStream = async (own: readonly PlannedRequest[]): Promise<void> => {
    for (const [sent, request] of own.entries()) {
      const nowMs = world.clock.monotonicMs();
      if (world.signal.aborted || (sent >= atLeast && nowMs - startMs >= minimumMs)) return;
      await world.send(request, nowMs);
    }
  };
  await Promise.all([...Map.groupBy(requests, (request) => request.stream).values()].map(runStream));
};

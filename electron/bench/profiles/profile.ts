import type { z } from 'zod';
import type { Clock } from '../../platform/ports.ts';

/** One request a profile wants sent: who sends it and how long prompt and answer are. */
export interface PlannedRequest {
  /** Unique within a repetition; also decides the prompt. */
  readonly index: number;
  /** The simulated user, from 0. A user has at most one request open. */
  readonly stream: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** What a runner may touch: time, and the act of sending. Virtual in tests, HTTP in the driver process. */
export interface LoadWorld {
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly signal: AbortSignal;
  /** Resolves when the answer is complete or has failed; a failure is a result here, so it never rejects. */
  send(request: PlannedRequest, intendedAtMs: number): Promise<void>;
}

/** A load shape with its parameters checked, filled in and clipped to the context. */
export interface BoundProfile {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** `single-stream`, `closed-loop x4`: the name of the test in tables. */
  readonly test: string;
  /** One sentence for reports. */
  readonly description: string;
  /** Requests open at the same time at most. */
  readonly concurrency: number;
  /** Prompt and answer of the longest request, tokens. */
  readonly tokensPerRequest: number;
  /** Every request one repetition may send. The same call gives the same plan. */
  plan(): readonly PlannedRequest[];
  /** Sends what the plan holds in this profile's manner; resolves when the last answer is complete. */
  run(requests: readonly PlannedRequest[], world: LoadWorld): Promise<void>;
}

export interface LoadProfile {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /**
   * @param raw the parameters as stored or typed by a user. @param contextSize tokens per slot to clip lengths to.
   * @throws ZodError when the parameters do not have this profile's form
   */
  bind(raw: unknown, contextSize: number): BoundProfile;
}

/** What a profile's file states; `P` are its parameters. */
export interface ProfileDefinition<P extends Readonly<Record<string, unknown>>> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly schema: z.ZodType<P>;
  /** Shortens lengths so that every request fits `contextSize`. */
  clip(parameters: P, contextSize: number): P;
  test(parameters: P): string;
  describe(parameters: P): string;
  concurrency(parameters: P): number;
  plan(parameters: P): readonly PlannedRequest[];
  run(parameters: P, requests: readonly PlannedRequest[], world: LoadWorld): Promise<void>;
}

/** Closes a definition over its parameters, so that profiles of different parameters live in one list. */
export const defineProfile = <P extends Readonly<Record<string, unknown>>>(
  definition: ProfileDefinition<P>,
): LoadProfile => ({
  name: definition.name,
  title: definition.title,
  description: definition.description,
  bind: (raw, contextSize) => {
    const parameters = definition.clip(definition.schema.parse(raw), contextSize);
    const plan = () => definition.plan(parameters);
    return {
      name: definition.name,
      parameters,
      test: definition.test(parameters),
      description: definition.describe(parameters),
      concurrency: definition.concurrency(parameters),
      tokensPerRequest: Math.max(...plan().map((request) => request.promptTokens + request.outputTokens)),
      plan,
      run: (requests, world) => definition.run(parameters, requests, world),
    };
  },
});

import type { z } from 'zod';
import type { LoadSummary, StageLoad } from '../../../shared/contract/load.ts';
import type { Clock } from '../../platform/ports.ts';
import type { Pacing } from './pacing.ts';
import type { SharedPiece, TraceEntry } from './trace-entry.ts';

/** One request a profile wants sent: who sends it, when, and how long prompt and answer are. */
export interface PlannedRequest {
  /** Unique within a stage; also decides the prompt. */
  readonly index: number;
  /** The simulated user, from 0. In a closed stage a user has at most one request open. */
  readonly stream: number;
  /** Prompt of this request, tokens: with its shared prefix, in a conversation only the new turn. */
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Intended send, ms after the stage's start; only in open stages. */
  readonly offsetMs?: number | undefined;
  /** Pause of the user before this request, ms. */
  readonly thinkMs?: number | undefined;
  /** Position in its conversation; 0 opens a new one, behind a system prompt of `systemTokens`. */
  readonly turn?: number | undefined;
  readonly systemTokens?: number | undefined;
  /** Pieces the prompt begins with, which other prompts begin with, too. */
  readonly prefix?: readonly SharedPiece[] | undefined;
}

/** A stretch of load with one setting: what is planned, sent, stored and resumed as a whole. */
export interface Stage {
  /** `x8`, `4.2/s`, `depth 4,096`. Unique within a run. */
  readonly name: string;
  readonly load: StageLoad;
  readonly pacing: Pacing;
  readonly requests: readonly PlannedRequest[];
  /** Prompts share beginnings on purpose, so the server's cache may use them. */
  readonly reusesPrompts: boolean;
}

/** A measured stage, as adaptive shapes see it. */
export interface StageResult {
  readonly name: string;
  readonly load: StageLoad;
  readonly summary: LoadSummary;
}

/** What a runner may touch: time, and the act of sending. Virtual in tests, HTTP in the driver process. */
export interface LoadWorld<Request extends PlannedRequest = PlannedRequest> {
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly signal: AbortSignal;
  /**
   * Resolves when the answer is complete or has failed, with whether it was complete; a failure is a result here, so it
   * never rejects.
   */
  send(request: Request, intendedAtMs: number): Promise<boolean>;
  /** Notes a request that could not be sent at its time. */
  drop(request: Request, intendedAtMs: number): void;
}

/** What a plan depends on besides its parameters. */
export interface PlanMaterial {
  readonly seed: number;
  /** Requests of a recorded trace, in order; empty for shapes that replay none. */
  readonly trace: readonly TraceEntry[];
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
  /**
   * The stage after the measured ones, `null` when the shape is complete. Pure: the same results give the same stage, so
   * that an interrupted run goes on as if it had not stopped.
   */
  plan(results: readonly StageResult[]): Stage | null;
  /** What the results say, in one sentence; `null` where the figures speak for themselves. */
  conclude(results: readonly StageResult[]): string | null;
}

export interface LoadProfile {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What a load run takes where its user names nothing; a repetition of the bench is shorter. */
  readonly loadDefaults: Readonly<Record<string, unknown>>;
  /** `several`: each stage depends on those before it, so only a load run can measure the shape. */
  readonly stages: 'one' | 'several';
  readonly schema: z.ZodType;
  /**
   * @param raw the parameters as stored or typed by a user. @param contextSize tokens per slot to clip lengths to.
   * @throws ZodError when the parameters do not have this profile's form
   */
  bind(raw: unknown, contextSize: number, material?: Partial<PlanMaterial>): BoundProfile;
}

/** What a profile's file states; `P`, its parameters, are what its schema parses to. */
export interface ProfileDefinition<P extends Readonly<Record<string, unknown>>> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly schema: z.ZodType<P>;
  readonly loadDefaults?: NoInfer<Partial<P>>;
  /** `one` unless told. */
  readonly stages?: LoadProfile['stages'];
  /** Shortens lengths so that every request fits `contextSize`. */
  clip(parameters: NoInfer<P>, contextSize: number): NoInfer<P>;
  test(parameters: NoInfer<P>): string;
  describe(parameters: NoInfer<P>): string;
  concurrency(parameters: NoInfer<P>, material: PlanMaterial): number;
  tokensPerRequest(parameters: NoInfer<P>, material: PlanMaterial): number;
  plan(parameters: NoInfer<P>, results: readonly StageResult[], material: PlanMaterial): Stage | null;
  conclude?(parameters: NoInfer<P>, results: readonly StageResult[]): string | null;
}

/** Closes a definition over its parameters, so that profiles of different parameters live in one list. */
export const defineProfile = <P extends Readonly<Record<string, unknown>>>(
  definition: ProfileDefinition<P>,
): LoadProfile => ({
  name: definition.name,
  title: definition.title,
  description: definition.description,
  schema: definition.schema,
  loadDefaults: definition.loadDefaults ?? {},
  stages: definition.stages ?? 'one',
  bind: (raw, contextSize, { seed = 1, trace = [] } = {}) => {
    const parameters = definition.clip(definition.schema.parse(raw), contextSize);
    const material = { seed, trace };
    return {
      name: definition.name,
      parameters,
      test: definition.test(parameters),
      description: definition.describe(parameters),
      concurrency: definition.concurrency(parameters, material),
      tokensPerRequest: definition.tokensPerRequest(parameters, material),
      plan: (results) => definition.plan(parameters, results, material),
      conclude: (results) => definition.conclude?.(parameters, results) ?? null,
    };
  },
});

import type { EngineFacts } from '../../../shared/contract/engine.ts';
import type { SweepRepetition, SweepSpec } from '../../../shared/contract/sweep.ts';
import type { EngineReplica } from '../../engine/engine.ts';
import type { Clock } from '../../platform/ports.ts';
import type { RepetitionRequest } from '../measure/arms.ts';
import { createEngineArm } from '../measure/engine-ladder.ts';

export interface CandidateArm {
  measure(request: RepetitionRequest): Promise<SweepRepetition & { readonly wallMs: number }>;
}

interface Options {
  readonly id: string;
  readonly replica: Pick<EngineReplica, 'runLadder'>;
  readonly spec: SweepSpec;
  /** Side by side; the speeds are of all of them together. */
  readonly sequences: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly signal: AbortSignal;
}

/** decode^w × prefill^(1 − w): the rank does not depend on how far apart the two scales are. */
export const scoreOf = (
  speeds: { readonly prefillTps: number | null; readonly decodeTps: number | null },
  decodeWeight: number,
): number =>
  Math.exp(
    decodeWeight * Math.log(speeds.decodeTps ?? 1) + (1 - decodeWeight) * Math.log(speeds.prefillTps ?? 1),
  );

/** One candidate under the tests its objective needs: prefill, decode, or both in a row. */
export const createCandidateArm = ({
  id,
  replica,
  spec,
  sequences,
  clock,
  signal,
}: Options): CandidateArm => {
  const common = { cellId: id, replica, clock, signal, onTokens: () => undefined };
  const shape = { depth: spec.depth, sequences };
  const prefill =
    spec.decodeWeight === 1
      ? null
      : createEngineArm({ ...common, test: { ...shape, kind: 'prefill', tokens: spec.prefillTokens } });
  const decode =
    spec.decodeWeight === 0
      ? null
      : createEngineArm({ ...common, test: { ...shape, kind: 'decode', tokens: spec.decodeTokens } });
  return {
    measure: async (request) => {
      const first = await prefill?.measure(request);
      const second = await decode?.measure(request);
      const speeds = { prefillTps: first?.speed ?? null, decodeTps: second?.speed ?? null };
      const parts = [first, second].flatMap((measured) => measured?.repetition ?? []);
      const wallMs = parts.reduce((sum, part) => sum + part.wallMs, 0);
      const cpuMs = parts.reduce((sum, part) => sum + (part.cpuPerWall ?? 0) * part.wallMs, 0);
      return {
        index: request.index,
        ...speeds,
        score: scoreOf(speeds, spec.decodeWeight),
        cpuPerWall: cpuMs / wallMs,
        wallMs,
      };
    },
  };
};

/** What the engine really runs with, in words. */
export const effectiveOf = (facts: EngineFacts): string =>
  [
    facts.prefillThreads === undefined || facts.prefillThreads === facts.threads
      ? `${facts.threads} ${facts.threads === 1 ? 'thread' : 'threads'}`
      : `${facts.threads} threads in decode, ${facts.prefillThreads} in prefill`,
    `batch ${facts.batchSize}`,
    `flash attention ${facts.flashAttention ? 'on' : 'off'}`,
    `KV ${facts.kvKeyType}${facts.kvValueType === facts.kvKeyType ? '' : `/${facts.kvValueType}`}`,
    ...(facts.backend === 'cpu' ? [] : [`${facts.gpuLayers} GPU layers`]),
    `mmap ${facts.useMmap ? 'on' : 'off'}`,
  ].join(', ');

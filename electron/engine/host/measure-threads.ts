import type { Clock } from '../../platform/ports.ts';
import {
  chooseThreads,
  threadCandidates,
  type ThreadChoice,
  type ThreadMeasurement,
} from '../thread-policy.ts';
import type { BatchEngine, StepItem } from './batch-engine.ts';
import type { ProcessMeter } from './process-meter.ts';
import { randomTokens } from './random-tokens.ts';

interface MeasurePorts {
  readonly engine: BatchEngine;
  readonly vocabularySize: number;
  readonly clock: Clock;
  readonly meter: ProcessMeter;
}

export interface MeasuredThreads {
  readonly choice: ThreadChoice;
  /** The cores were free while it was measured: worth remembering. */
  readonly isQuiet: boolean;
}

/** Long enough for a median, short enough not to be noticed in a load. */
const budgetPerCandidateMs = 80;
const leastSteps = 5;
const mostSteps = 40;
/** Tokens of the prefill measurement. */
const prefillTokens = 64;
/** Threads that all find a core use nearly all their time; under this share another program had them. */
const quietShare = 0.85;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Infinity;

/**
 * Times decode and prefill at a few thread counts up to `limit`, on a context nobody uses yet. Takes about 0.1 s per
 * count for a model that decodes 50 tokens a second.
 */
export const measureThreads = async (
  { engine, vocabularySize, clock, meter }: MeasurePorts,
  limit: number,
): Promise<MeasuredThreads> => {
  if (limit === 1) return { choice: { decode: 1, prefill: 1 }, isQuiet: true };
  const room = Math.min(engine.contextSize, engine.batchSize, prefillTokens);
  const tokens = randomTokens(room, vocabularySize, 1);
  let isQuiet = true;

  const timeSteps = async (threads: number, items: readonly StepItem[]): Promise<ThreadMeasurement> => {
    engine.setThreads(threads);
    const times: number[] = [];
    const cpuBefore = meter.cpuSeconds();
    const startMs = clock.monotonicMs();
    while (times.length < mostSteps) {
      await engine.truncate(0, 0);
      const stepStartMs = clock.monotonicMs();
      await engine.decode(items);
      const nowMs = clock.monotonicMs();
      times.push(nowMs - stepStartMs);
      if (nowMs - startMs > budgetPerCandidateMs && times.length >= leastSteps) break;
      if (nowMs - startMs > 4 * budgetPerCandidateMs) break;
    }
    const wallSeconds = (clock.monotonicMs() - startMs) / 1000;
    if ((meter.cpuSeconds() - cpuBefore) / wallSeconds < quietShare * threads) isQuiet = false;
    return { threads, stepMs: median(times) };
  };

  const oneToken: readonly StepItem[] = [
    { sequence: 0, position: 0, tokens: tokens.subarray(0, 1), want: 'logits' },
  ];
  const chunk: readonly StepItem[] = [{ sequence: 0, position: 0, tokens, want: 'logits' }];
  engine.setThreads(1);
  await engine.decode(chunk); // the first decode also pages the weights in
  const decode: ThreadMeasurement[] = [];
  const prefill: ThreadMeasurement[] = [];
  for (const threads of threadCandidates(limit)) {
    decode.push(await timeSteps(threads, oneToken));
    prefill.push(await timeSteps(threads, chunk));
  }
  await engine.truncate(0, 0);
  return { choice: { decode: chooseThreads(decode), prefill: chooseThreads(prefill) }, isQuiet };
};

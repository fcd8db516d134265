import { AppError } from '../../../shared/errors/app-error.ts';
import type { LadderRepetition, LadderTest } from '../engine.ts';
import type { Clock } from '../../platform/ports.ts';
import type { ThreadChoice } from '../thread-policy.ts';
import { noAdapters } from './adapter-mix.ts';
import type { BatchEngine, StepItem } from './batch-engine.ts';
import { randomTokens } from './random-tokens.ts';
import type { ProcessMeter } from './process-meter.ts';

interface LadderPorts {
  readonly engine: BatchEngine;
  readonly vocabularySize: number;
  readonly clock: Clock;
  readonly meter: ProcessMeter;
  readonly threads: ThreadChoice;
}

interface LadderOptions {
  readonly signal: AbortSignal;
  readonly onTick: (tokensDone: number) => void;
}

/** At most 8 ticks a second. */
const tickEveryMs = 125;

const refuse = (test: LadderTest, { slots, contextSize }: BatchEngine): void => {
  if (test.sequences > slots)
    throw new AppError(
      'engine.unsupported',
      `${test.sequences} sequences asked, the engine has ${slots} slots.`,
      {
        hint: `Load the model with ${test.sequences} slots.`,
        details: { sequences: test.sequences, slots },
      },
    );
  if (test.tokens + test.depth > contextSize)
    throw new AppError(
      'engine.context-exceeded',
      `${test.depth} tokens of depth and ${test.tokens} measured do not fit in a context of ${contextSize}.`,
      {
        hint: `Load the model with a context of ${test.tokens + test.depth}.`,
        details: { promptTokens: test.depth, maxTokens: test.tokens, contextSize },
      },
    );
};

/** Batches that prefill `tokens` of every sequence: short prompts share a batch, long ones take several. */
const prefillBatches = (
  tokens: readonly Uint32Array[],
  position: number,
  batchSize: number,
): readonly (readonly StepItem[])[] => {
  const batches: StepItem[][] = [];
  let batch: StepItem[] = [];
  let room = batchSize;
  for (const [sequence, prompt] of tokens.entries()) {
    for (let start = 0; start < prompt.length;) {
      const piece = prompt.subarray(start, start + room);
      const isLast = start + piece.length === prompt.length;
      batch.push({
        sequence,
        position: position + start,
        tokens: piece,
        want: isLast ? 'logits' : 'nothing',
      });
      start += piece.length;
      room -= piece.length;
      if (room > 0) continue;
      batches.push(batch);
      batch = [];
      room = batchSize;
    }
  }
  return batch.length > 0 ? [...batches, batch] : batches;
};

/**
 * One repetition of llama-bench's pp or tg: seeded random tokens, no prefix cache, no sampling, end-of-sequence
 * ignored, depth filled before the clock starts. Like llama-bench it feeds random tokens in decode as well.
 * @throws AppError `engine.unsupported`, `engine.context-exceeded`, `app.cancelled`
 */
export const runLadder = async (
  { engine, vocabularySize, clock, meter, threads }: LadderPorts,
  test: LadderTest,
  { signal, onTick }: LadderOptions,
): Promise<LadderRepetition> => {
  refuse(test, engine);
  const { kind, sequences, depth } = test;
  const numbers = Array.from({ length: sequences }, (_, sequence) => sequence);
  const promptOf = (sequence: number, count: number, salt: number) =>
    randomTokens(count, vocabularySize, test.seed * 7919 + sequence * 2 + salt);
  const step = async (items: readonly StepItem[]): Promise<void> => {
    if (signal.aborted) throw new AppError('app.cancelled');
    await engine.decode(items);
  };

  engine.useAdapters(noAdapters);
  for (const sequence of numbers) await engine.truncate(sequence, 0);
  try {
    engine.setThreads(threads.prefill);
    const depths = numbers.map((sequence) => promptOf(sequence, depth, 0));
    for (const batch of prefillBatches(depths, 0, engine.batchSize)) await step(batch);

    const measured = numbers.map((sequence) => promptOf(sequence, test.tokens, 1));
    const batches: readonly (readonly StepItem[])[] =
      kind === 'prefill'
        ? prefillBatches(measured, depth, engine.batchSize)
        : Array.from({ length: test.tokens }, (_, index) =>
            numbers.map((sequence): StepItem => ({
              sequence,
              position: depth + index,
              tokens: (measured[sequence] ?? new Uint32Array(0)).subarray(index, index + 1),
              want: 'logits',
            })),
          );
    if (kind === 'decode') engine.setThreads(threads.decode);

    const cpuBefore = meter.cpuSeconds();
    const startMs = clock.monotonicMs();
    let done = 0;
    let tickedMs = startMs;
    for (const batch of batches) {
      await step(batch);
      for (const { tokens } of batch) done += tokens.length;
      const nowMs = clock.monotonicMs();
      if (nowMs - tickedMs < tickEveryMs) continue;
      tickedMs = nowMs;
      onTick(done);
    }
    const wallMs = clock.monotonicMs() - startMs;
    return {
      wallMs,
      tokens: done,
      tokensPerSecond: (done / wallMs) * 1000,
      cpuPerWall: ((meter.cpuSeconds() - cpuBefore) / wallMs) * 1000,
      residentBytes: meter.residentBytes(),
    };
  } finally {
    for (const sequence of numbers) await engine.truncate(sequence, 0);
  }
};

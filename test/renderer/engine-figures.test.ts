import { expect, it } from 'vitest';
import { engineFigures } from '../../renderer/pages/server/overview/engine-figures.ts';
import type { Replica } from '../../shared/contract/engine.ts';
import { createFakeFacts, createFakeReplica } from '../support/fake-engine.ts';

const replica: Replica = {
  ...createFakeReplica().snapshot(),
  state: { type: 'ready', facts: createFakeFacts({ slots: 4, contextSize: 1024, threads: 4 }) },
  kvTokens: 1_500,
};
const linesOf = (changes: Partial<Replica>) =>
  Object.fromEntries(
    engineFigures({ ...replica, ...changes }).map((figure) => [
      figure.name,
      figure.value ?? `— ${figure.reason}`,
    ]),
  );
const steps = {
  decodeSteps: 57,
  decodeBatchMean: 2.4,
  decodeMsP50: 5.31,
  decodeMsP95: null,
  prefillShare: 0.182,
  loopDelayP99Ms: 0.64,
};

it('an engine shows its threads, its cache and its steps, each with its unit', () => {
  expect(linesOf({ steps })).toEqual({
    Threads: '4',
    'KV cache': '1,500 of 4,096 tokens',
    'Decode steps seen': '57',
    'Batch, mean': '2.40 sequences',
    'Decode step, p50': '5.31 ms',
    'Decode step, p95': '— fewer than 72 steps',
    'Prefill, share of step time': '18.2 %',
    'Event loop delay, p99': '0.640 ms',
    'Resident memory': '0.195 GiB',
  });
});

it('an engine that has not worked says so for each figure of its steps', () => {
  const lines = linesOf({});
  const unknown = ['Decode steps seen', 'Batch, mean', 'Decode step, p50', 'Event loop delay, p99'];
  for (const name of unknown)
    expect(lines[name]).toBe('— no decode step yet: it comes with the first request');
});

it('an engine under way tells its state in place of its threads, and one with two numbers of them both', () => {
  expect(linesOf({ state: { type: 'loading', fraction: 0.5 } }).Threads).toBe('— the engine is loading');
  const facts = createFakeFacts({ threads: 4, prefillThreads: 8 });
  expect(linesOf({ state: { type: 'ready', facts } }).Threads).toBe('4 decode, 8 prefill');
});

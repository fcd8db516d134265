import { describe, expect, it } from 'vitest';
import { createMemoryLedger } from '../../../../electron/models/memory-ledger.ts';
import { predictMemory, type LoadShape, type PastLoad } from '../../../../electron/models/memory-learning.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';
import { createFakeFacts as createEngineFacts } from '../../../support/fake-engine.ts';
import { createFakeFacts } from '../../../support/fake-facts.ts';

const MIB = 2 ** 20;

const shape = (changes: Partial<LoadShape> = {}): LoadShape => ({
  backend: 'cpu',
  vocabularySize: 32_000,
  weightsRamBytes: 500 * MIB,
  kvCacheRamBytes: 100 * MIB,
  vramBytes: 0,
  ...changes,
});

/** A load whose process took `processMib` beyond weights and cache. */
const past = (processMib: number, changes: Partial<PastLoad> = {}): PastLoad => ({
  ...shape(),
  measuredBytes: (600 + processMib) * MIB,
  ...changes,
});

describe('predictMemory', () => {
  it('adds shipped figures for the process while nothing was loaded, more for larger vocabularies', () => {
    const small = predictMemory(shape(), []);
    const large = predictMemory(shape({ vocabularySize: 262_144 }), []);
    expect(small).toMatchObject({ weightsBytes: 500 * MIB, kvCacheBytes: 100 * MIB, basis: 'default', n: 0 });
    expect(small.ramBytes).toBe(600 * MIB + small.processBytes);
    expect(large.processBytes - small.processBytes).toBe(1063 * (262_144 - 32_000));
  });

  it('takes the median of loads with such a vocabulary, so that one odd load changes nothing', () => {
    const learned = predictMemory(shape(), [past(180), past(182), past(900)]);
    expect(learned).toMatchObject({ processBytes: 182 * MIB, basis: 'similar', n: 3 });
  });

  it('moves the shipped figures by what other vocabularies were off on this machine', () => {
    const usual = predictMemory(shape(), []).processBytes;
    const other = shape({ vocabularySize: 150_000 });
    const off = 20 * MIB;
    const load = { ...other, measuredBytes: predictMemory(other, []).ramBytes + off };
    expect(predictMemory(shape(), [load])).toMatchObject({
      processBytes: usual + off,
      basis: 'machine',
      n: 1,
    });
  });

  it('learns nothing from another backend, and never expects less than weights and cache', () => {
    expect(predictMemory(shape(), [past(50, { backend: 'cuda' })]).basis).toBe('default');
    expect(predictMemory(shape(), [past(-300)])).toMatchObject({ processBytes: 0, ramBytes: 600 * MIB });
  });
});

describe('the memory ledger', () => {
  const facts = (ownMib: number) => {
    const usual = createEngineFacts();
    const memory = { kvCacheBytes: 16 * MIB, ownBytes: ownMib * MIB, loadPeakBytes: 300 * MIB };
    return { ...usual, memory: { ...usual.memory, ...memory } };
  };

  it('expects every load from those before it and remembers over restarts', () => {
    const store = createFakeFacts();
    const clock = createFakeClock();
    const first = createMemoryLedger(store, clock).record('a', facts(266));
    expect(first.basis).toBe('default');
    const second = createMemoryLedger(store, clock).record('a', facts(266));
    expect(second).toMatchObject({ basis: 'similar', n: 1, ramBytes: 266 * MIB });
    const { loads, worstAbsoluteErrorPercent, medianAbsoluteErrorPercent } = createMemoryLedger(
      store,
      clock,
    ).history();
    const [newest, oldest] = loads.map(({ errorPercent }) => Math.abs(errorPercent));
    expect([newest, oldest]).toEqual([0, worstAbsoluteErrorPercent]);
    expect(medianAbsoluteErrorPercent).toBe((oldest ?? NaN) / 2);
    expect(loads[0]).toMatchObject({
      modelId: 'a',
      measured: { processBytes: 266 * MIB, peakBytes: 300 * MIB },
    });
  });

  it('takes the resident size where the system tells no other, and forgets the oldest', () => {
    const store = createFakeFacts();
    const ledger = createMemoryLedger(store, createFakeClock());
    for (let index = 0; index < 203; index += 1) ledger.record(`m${index}`, createEngineFacts());
    const { loads } = ledger.history();
    expect([loads.length, loads[0]?.modelId, loads.at(-1)?.modelId]).toEqual([200, 'm202', 'm3']);
    expect(loads[0]?.measured).toMatchObject({ source: 'rss', processBytes: 200 * MIB });
  });
});

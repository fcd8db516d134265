import { describe, expect, it } from 'vitest';
import { createHostPulse } from '../../../electron/app/host-pulse.ts';
import { createLoadBoard } from '../../../electron/app/load-board.ts';
import { createLoadLedger } from '../../../electron/engine/load-ledger.ts';
import { openStorage } from '../../../electron/storage/index.ts';
import { engineSettingsSchema } from '../../../shared/contract/models.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { createFakeRandom } from '../../support/fake-random.ts';
import { thrownBy } from '../../support/thrown-by.ts';

const gib = 2 ** 30;
const { signal } = new AbortController();
const spec = (path: string, contextSize: number | 'auto' = 4096) => ({
  modelId: path,
  path,
  settings: engineSettingsSchema.parse({ contextSize }),
  isExclusive: true,
});

/** Hosts of one data folder, on a machine with 10 GiB free on which every model takes 6: 4 of weights, 2 of context. */
const setUp = () => {
  const clock = createFakeClock();
  const storage = openStorage(':memory:');
  const random = createFakeRandom();
  const alive = new Set<number>();
  const open = (pid: number) => {
    alive.add(pid);
    const pulse = createHostPulse({
      clock,
      random,
      facts: storage.facts,
      log: createFakeLog(),
      pid,
      isProcessAlive: (other) => alive.has(other),
    });
    const board = createLoadBoard({ clock, random, facts: storage.facts, pulse, atOnce: storage.atOnce });
    const weighed: string[] = [];
    const ledger = createLoadLedger({
      scale: {
        weigh: ({ path }, promised) => {
          weighed.push(path);
          return Promise.resolve({
            ramBytes: 6 * gib,
            vramBytes: 0,
            weightsBytes: 4 * gib,
            fits: 6 * gib + promised.ramBytes <= 10 * gib,
            advice: 'Choose a context of 1,024.',
          });
        },
        isTight: () => Promise.resolve(false),
      },
      log: createFakeLog(),
      shared: board,
    });
    return { board, ledger, weighed };
  };
  return { clock, storage, open, die: (pid: number) => alive.delete(pid) };
};

describe('loads of two hosts on one machine', () => {
  it('are weighed against each other: the later one is refused while the first is under way', async () => {
    const { open } = setUp();
    const [first, second] = [open(1), open(2)];
    const loading = await first.ledger.reserve(spec('a'), signal);
    expect(first.weighed).toEqual([]);
    expect(await thrownBy(() => second.ledger.reserve(spec('b'), signal))).toMatchObject({
      code: 'engine.out-of-memory',
      message: 'There is no room for 4 slots of 4,096 tokens beside a model that is being loaded.',
      hint: 'Choose a context of 1,024.',
    });
    loading[Symbol.dispose]();
    (await second.ledger.reserve(spec('b'), signal))[Symbol.dispose]();
  });

  it('see how far the other has come, and count only what is left', async () => {
    const { open } = setUp();
    const [first, second] = [open(1), open(2)];
    using loading = await first.ledger.reserve(spec('a'), signal);
    loading.progressed(0.5);
    expect(await second.ledger.promised(signal)).toEqual({ ramBytes: 4 * gib, vramBytes: 0 });
    loading.progressed(1);
    (await second.ledger.reserve(spec('b'), signal))[Symbol.dispose]();
  });

  it('that begin at the same instant do not refuse each other: the one with the smaller place goes first', async () => {
    const { open } = setUp();
    const outcomes = await Promise.allSettled(
      [open(1), open(2)].map(({ ledger }) => ledger.reserve(spec('a'), signal)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('wait for each other where the context takes what is left', async () => {
    const { open, clock } = setUp();
    const [first, second] = [open(1), open(2)];
    const loading = await first.ledger.reserve(spec('a'), signal);
    let isAdmitted = false;
    const waiting = second.ledger.reserve(spec('b', 'auto'), signal).then((reservation) => {
      isAdmitted = true;
      return reservation;
    });
    await clock.advance(1_000);
    expect(isAdmitted).toBe(false);
    loading[Symbol.dispose]();
    await clock.advance(250);
    (await waiting)[Symbol.dispose]();
  });

  it('of a host that was killed are no more, and leave nothing behind', async () => {
    const { open, die, storage } = setUp();
    const [first, second] = [open(1), open(2)];
    await first.ledger.reserve(spec('a'), signal);
    die(1);
    expect(second.board.others()).toEqual([]);
    (await second.ledger.reserve(spec('b'), signal))[Symbol.dispose]();
    expect(storage.facts.list('load-under-way/')).toEqual([]);
  });
});

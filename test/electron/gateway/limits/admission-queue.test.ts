import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createAdmissionQueue,
  type Capacity,
  type Ticket,
} from '../../../../electron/gateway/limits/admission-queue.ts';
import type { Tier } from '../../../../shared/contract/limits.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

const open = (slots: number, waitLimit: number) => {
  const clock = createFakeClock();
  let capacity: Capacity = { type: 'open', slots };
  const queue = createAdmissionQueue({ clock, waitLimit, capacity: () => capacity });
  const setCapacity = (next: Capacity) => {
    capacity = next;
    queue.capacityChanged();
  };
  return { clock, queue, setCapacity };
};
const isGranted = async (ticket: Ticket | undefined) => {
  const pending = Symbol('pending');
  return (await Promise.race([ticket?.granted, Promise.resolve().then(() => pending)])) !== pending;
};
const giveBack = (ticket: Ticket | undefined) => ticket?.[Symbol.dispose]();

describe('the admission queue', () => {
  it('runs as many as there are slots and lets the rest wait in order', async () => {
    const { queue } = open(2, 10);
    const [a] = queue.enter(1, 'interactive');
    queue.enter(1, 'interactive');
    const [c] = queue.enter(1, 'interactive');
    const [d] = queue.enter(1, 'interactive');
    expect(queue.snapshot()).toEqual({ running: 2, waiting: 2 });
    giveBack(a);
    expect([await isGranted(c), await isGranted(d)]).toEqual([true, false]);
    expect(queue.snapshot()).toEqual({ running: 2, waiting: 1 });
  });

  it('serves the better tier first, and one that has waited long before a better one of now', async () => {
    const { clock, queue } = open(1, 20);
    const order: string[] = [];
    const stand = (name: string, tier: Tier) => {
      const [ticket] = queue.enter(1, tier);
      void ticket?.granted?.then(() => {
        order.push(name);
        giveBack(ticket);
      });
    };
    const [running] = queue.enter(1, 'interactive');
    stand('old batch', 'batch');
    await clock.advance(115_000);
    stand('interactive', 'interactive');
    await clock.advance(6000);
    stand('batch', 'batch');
    stand('later interactive', 'interactive');
    stand('realtime', 'realtime');
    giveBack(running);
    await clock.advance(1);
    expect(order).toEqual(['old batch', 'realtime', 'interactive', 'later interactive', 'batch']);
  });

  it('lets who comes back as told wait beyond its limit, where it would have stood', async () => {
    const { clock, queue } = open(1, 2);
    const [running] = queue.enter(1, 'interactive');
    const [early] = queue.enter(1, 'interactive');
    await clock.advance(1000);
    const refusedAtMs = clock.monotonicMs();
    await clock.advance(1000);
    const [late] = queue.enter(1, 'interactive');
    expect(() => queue.enter(1, 'interactive', () => undefined)).toThrow(
      expect.objectContaining({ code: 'gateway.queue-full' }),
    );
    const [back] = queue.enter(1, 'interactive', () => refusedAtMs);
    expect(queue.snapshot()).toEqual({ running: 1, waiting: 3 });
    const order: (boolean | undefined)[][] = [];
    for (const ticket of [running, early, back]) {
      giveBack(ticket);
      order.push(await Promise.all([early, back, late].map(isGranted)));
    }
    expect(order).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ]);
  });

  it('does not ask who finds room whether it was promised any', () => {
    const { queue } = open(1, 1);
    const asked: number[] = [];
    for (let each = 0; each < 2; each += 1) queue.enter(1, 'interactive', () => asked.push(each));
    expect(asked).toEqual([]);
  });

  it('keeps a tenth of its places from batch, and sheds batch with 429 where the others get 503', () => {
    const { queue } = open(1, 10);
    queue.enter(10, 'batch');
    expect(() => queue.enter(1, 'batch')).toThrow(
      expect.objectContaining({
        code: 'gateway.rate-limited',
        details: expect.objectContaining({ resource: 'queue', limit: 9, used: 9 }) as object,
      }),
    );
    queue.enter(1, 'realtime');
    expect(() => queue.enter(1, 'realtime')).toThrow(expect.objectContaining({ code: 'gateway.queue-full' }));
  });

  it('foretells the wait of each tier by who would go before it', () => {
    const { queue } = open(1, 10);
    expect(queue.outlook(1, 'batch')).toEqual({ fill: 0, waitMs: 0 });
    queue.enter(1, 'interactive');
    for (let each = 0; each < 3; each += 1) queue.enter(1, 'interactive');
    // a second each, before any has taught it better
    expect(queue.outlook(1, 'realtime')).toEqual({ fill: 0.4, waitMs: 1000 });
    expect(queue.outlook(1, 'batch')).toEqual({ fill: 0.4, waitMs: 4000 });
  });

  it('gives a place back once, however often its ticket is disposed', () => {
    const { queue } = open(1, 10);
    const [running] = queue.enter(1, 'interactive');
    const [waiting] = queue.enter(1, 'interactive');
    giveBack(waiting);
    giveBack(waiting);
    giveBack(running);
    giveBack(running);
    expect(queue.snapshot()).toEqual({ running: 0, waiting: 0 });
  });

  it('takes all places of a request or none', () => {
    const { queue } = open(2, 1);
    queue.enter(1, 'interactive');
    expect(() => queue.enter(3, 'interactive')).toThrow(
      expect.objectContaining({ code: 'gateway.queue-full' }),
    );
    expect(queue.snapshot()).toEqual({ running: 1, waiting: 0 });
    queue.enter(2, 'interactive');
    expect(queue.snapshot()).toEqual({ running: 2, waiting: 1 });
  });

  it('does not ask a request to come back that could never fit', () => {
    const { queue } = open(2, 1);
    expect(() => queue.enter(4, 'interactive')).toThrow(
      expect.objectContaining({ code: 'gateway.invalid-value' }),
    );
  });

  it('does not let a newcomer overtake those who wait when slots are added', async () => {
    const { queue, setCapacity } = open(0, 10);
    const [first] = queue.enter(1, 'interactive');
    const [second] = queue.enter(1, 'interactive');
    setCapacity({ type: 'open', slots: 1 });
    expect([await isGranted(first), await isGranted(second)]).toEqual([true, false]);
  });

  it('keeps those who wait while an engine restarts, and refuses them when it will not come back', async () => {
    const { queue, setCapacity } = open(1, 10);
    const [running] = queue.enter(1, 'interactive');
    const [waiting] = queue.enter(1, 'interactive');
    setCapacity({ type: 'open', slots: 0 });
    giveBack(running);
    expect(await isGranted(waiting)).toBe(false);
    const error = new AppError('engine.marked-bad');
    setCapacity({ type: 'refused', error });
    await expect(waiting?.granted).rejects.toBe(error);
    expect(() => queue.enter(1, 'interactive')).toThrow(error);
    giveBack(waiting);
    expect(queue.snapshot()).toEqual({ running: 0, waiting: 0 });
  });

  it.each([
    ['as long as each other', [3000]],
    ['from half a second to six', [500, 6000, 1500, 4000]],
  ])(
    'tells the truth about when to come back where requests take %s: all who wait find a place',
    async (_, times) => {
      const slots = 2;
      let begun = 0;
      const { clock, queue } = open(slots, 4);
      const served: number[] = [];
      const serve = async (ticket: Ticket | undefined) => {
        await ticket?.granted;
        begun += 1;
        await clock.sleep(times[begun % times.length] ?? 0);
        served.push(clock.monotonicMs());
        giveBack(ticket);
      };
      // teaches the queue how long requests take
      for (let each = 0; each < 8; each += 1) await clock.runUntil(serve(queue.enter(1, 'interactive')[0]));
      for (let each = 0; each < 6; each += 1) void serve(queue.enter(1, 'interactive')[0]);
      const comeBack = async (): Promise<number> => {
        try {
          queue.enter(1, 'interactive');
        } catch (error) {
          const seconds = error instanceof AppError ? error.details?.retryAfterSeconds : undefined;
          if (typeof seconds !== 'number') throw error;
          await clock.sleep(seconds * 1000);
          void serve(queue.enter(1, 'interactive')[0]);
          return seconds;
        }
        return 0;
      };
      // more than fit in at once: those who come back keep the queue full
      const told = Promise.all(Array.from({ length: 14 }, comeBack));
      const waits = await clock.runUntil(told);
      expect(Math.min(...waits)).toBeGreaterThan(0);
    },
  );

  it('never runs more than there are slots nor lets more wait than allowed, in any order of events', () => {
    const step = fc.oneof(
      fc.record({ type: fc.constant('enter' as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ type: fc.constant('leave' as const), at: fc.nat() }),
      fc.record({ type: fc.constant('slots' as const), slots: fc.integer({ min: 0, max: 4 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { queue, setCapacity } = open(2, 3);
        const held: Ticket[] = [];
        let mostSlots = 2;
        for (const each of steps) {
          if (each.type === 'leave') giveBack(held.splice(each.at % Math.max(1, held.length), 1)[0]);
          else if (each.type === 'slots') {
            mostSlots = Math.max(mostSlots, each.slots);
            setCapacity({ type: 'open', slots: each.slots });
          } else {
            try {
              held.push(...queue.enter(each.count, 'interactive'));
            } catch (error) {
              if (!(error instanceof AppError)) throw error;
            }
          }
          const { running, waiting } = queue.snapshot();
          expect(running + waiting).toBe(held.length);
          expect(running).toBeLessThanOrEqual(mostSlots);
          expect(waiting).toBeLessThanOrEqual(3);
        }
        for (const ticket of held) giveBack(ticket);
        expect(queue.snapshot()).toEqual({ running: 0, waiting: 0 });
      }),
    );
  });
});

import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  openBudgetBook,
  type BudgetHold,
  type BudgetResult,
} from '../../../../electron/gateway/budgets/budget-book.ts';
import { budgetKey, budgetSchema, type Budget } from '../../../../shared/contract/budgets.ts';
import type { PriceSheet } from '../../../../shared/contract/prices.ts';
import { createFakeClock } from '../../../support/fake-clock.ts';

const HOUR_MS = 3_600_000;
const sheet: PriceSheet = {
  model: 'demo',
  currency: 'EUR',
  fromDay: '2026-01-01',
  promptMicro: 2_000_000,
  cachedMicro: 500_000,
  outputMicro: 8_000_000,
};

const budgetOf = (given: Partial<Budget> & Pick<Budget, 'limit'>): Budget =>
  budgetSchema.parse({ owner: { type: 'key', keyId: 'k' }, window: 'hour', ...given });

/** A book over a ledger that a test writes: what is settled is in it only once it was moved there. */
const openBook = (alerts: unknown[] = []) => {
  const clock = createFakeClock();
  const ledger = new Map<string, bigint>();
  const book = openBudgetBook(
    {
      priceOf: (model) => (model === 'demo' ? sheet : undefined),
      usedSince: (budget, startMs) => ledger.get(`${budgetKey(budget)}@${startMs}`) ?? 0n,
      reached: (budget, { percent }) => void alerts.push([budgetKey(budget), percent]),
    },
    {
      clock,
      onError: (error) => {
        throw error;
      },
    },
  );
  const windowStartMs = (): number => Math.floor(clock.nowMs() / HOUR_MS) * HOUR_MS;
  return {
    book,
    clock,
    ledger,
    write: (budget: Budget, units: bigint) =>
      void ledger.set(`${budgetKey(budget)}@${windowStartMs()}`, units),
  };
};
const wish = (promptTokens: number, outputTokens = 0, model = 'demo') => ({
  model,
  promptTokens,
  outputTokens,
});
const used = (prompt: number, output = 0, cached = 0) => ({ prompt, cached, output });
const held = (result: BudgetResult): BudgetHold => {
  if (result.type === 'held') return result.hold;
  throw new TypeError(`refused: ${result.reason}`);
};

describe('a budget', () => {
  it('holds what a request will need, so that requests at once do not pass it together', () => {
    const { book } = openBook();
    const budgets = [budgetOf({ limit: 100 })];
    const first = held(book.hold(budgets, wish(30, 20)));
    held(book.hold(budgets, wish(30, 20)));
    expect(book.hold(budgets, wish(1))).toMatchObject({
      type: 'refused',
      reason: 'held',
      waitMs: 1000,
      by: { used: 0n, held: 100n },
    });
    first.settle(used(30, 5));
    expect(book.states(budgets)[0]).toMatchObject({ used: 35n, held: 50n });
    held(book.hold(budgets, wish(15)));
  });

  it('tells exactly when its window ends, and lets in who waited until then', async () => {
    const { book, clock, write } = openBook();
    const budget = budgetOf({ limit: 10 });
    const budgets = [budget, budgetOf({ limit: 1000, window: 'day' })];
    held(book.hold(budgets, wish(10))).settle(used(10));
    write(budget, 10n);
    const refused = book.hold(budgets, wish(1));
    if (refused.type === 'held') throw new TypeError('it was let in');
    expect(refused).toMatchObject({ reason: 'spent', waitMs: HOUR_MS - (clock.nowMs() % HOUR_MS) });
    await clock.advance(refused.waitMs - 1);
    expect(book.hold(budgets, wish(1)).type).toBe('refused');
    await clock.advance(1);
    held(book.hold(budgets, wish(1)));
  });

  it('names the longest wait of all that block', () => {
    const { book } = openBook();
    const day = budgetOf({ limit: 10, window: 'day' });
    const budgets = [budgetOf({ limit: 10 }), day];
    held(book.hold(budgets, wish(10))).settle(used(10));
    expect(book.hold(budgets, wish(1))).toMatchObject({ by: { budget: day } });
  });

  it('says that no wait helps a prompt that alone is over it', () => {
    const { book } = openBook();
    expect(book.hold([budgetOf({ limit: 9 })], wish(10))).toMatchObject({
      reason: 'too-large',
      waitMs: Infinity,
    });
  });

  it('gives an answer what is left, and no more', () => {
    const { book } = openBook();
    const budgets = [budgetOf({ limit: 20 })];
    const hold = held(book.hold(budgets, wish(15, 256)));
    let made = 0;
    while (hold.take(1)) made += 1;
    expect(made).toBe(5);
    hold.settle(used(15, 5));
    expect(book.states(budgets)[0]).toMatchObject({ used: 20n, held: 0n });
  });

  it('takes nothing for a request that never began, and nothing twice', () => {
    const { book } = openBook();
    const budgets = [budgetOf({ limit: 20 })];
    const hold = held(book.hold(budgets, wish(15, 5)));
    hold.release();
    hold.settle(used(15, 5));
    expect(book.states(budgets)[0]).toMatchObject({ used: 0n, held: 0n });
    expect(hold.take(1)).toBe(false);
  });

  it('puts a prompt right that was held by what it has at most, either way, once it is counted', () => {
    const { book } = openBook();
    const budgets = [budgetOf({ limit: 100 })];
    const hold = held(book.hold(budgets, wish(60, 10)));
    expect([hold.recount(20), book.states(budgets)[0]?.held]).toEqual([undefined, 30n]);
    expect(hold.recount(91)).toMatchObject({ type: 'refused', by: { held: 30n } });
    expect([hold.recount(85), hold.take(15), hold.take(1)]).toEqual([undefined, true, false]);
    hold.settle(used(85, 15));
    expect([hold.recount(1), book.states(budgets)[0]?.used]).toEqual([undefined, 100n]);
  });

  it('counts money by the kind of token, holding prompts at the dearer price', () => {
    const { book } = openBook();
    // 0.000100 EUR: picos are tokens x millionths of the price of a million
    const budgets = [budgetOf({ limit: 100, currency: 'EUR' })];
    const hold = held(book.hold(budgets, wish(10, 4)));
    expect(book.states(budgets)[0]).toMatchObject({ limit: 100_000_000n, held: 20_000_000n + 32_000_000n });
    hold.settle(used(2, 3, 8));
    expect(book.states(budgets)[0]).toMatchObject({ used: 4_000_000n + 4_000_000n + 24_000_000n, held: 0n });
  });

  it('lets a model without a price pass a budget in money, which cannot count it', () => {
    const { book } = openBook();
    const budgets = [budgetOf({ limit: 1, currency: 'EUR' })];
    held(book.hold(budgets, wish(1000, 1000, 'other'))).settle(used(1000, 1000));
    expect(book.states(budgets)[0]).toMatchObject({ used: 0n });
  });

  it('only counts where it is not enforced', () => {
    const { book } = openBook();
    const budgets = [budgetOf({ limit: 10, isEnforced: false })];
    const hold = held(book.hold(budgets, wish(500, 10)));
    expect([hold.take(5000), book.states(budgets)[0]?.held]).toEqual([true, 0n]);
    hold.settle(used(500, 5000));
    expect(book.states(budgets)[0]?.used).toBe(5500n);
  });

  it('learns from the ledger what other processes used, without counting its own twice', async () => {
    const { book, clock, write } = openBook();
    const budget = budgetOf({ limit: 100 });
    write(budget, 40n);
    held(book.hold([budget], wish(10))).settle(used(10));
    expect(book.states([budget])[0]?.used).toBe(50n);
    write(budget, 90n); // its own 10, and 40 more of another process
    await clock.advance(2000);
    expect(book.states([budget])[0]?.used).toBe(90n);
    expect(book.hold([budget], wish(11)).type).toBe('refused');
  });

  it('counts a request in the window it came in, also when it ends after it', async () => {
    const { book, clock } = openBook();
    const budgets = [budgetOf({ limit: 100 })];
    const hold = held(book.hold(budgets, wish(10, 10)));
    await clock.advance(HOUR_MS);
    expect(book.states(budgets)[0]).toMatchObject({ used: 0n, held: 0n });
    expect(hold.take(80)).toBe(true);
    expect(hold.take(11)).toBe(false);
    hold.settle(used(10, 80));
    expect(book.states(budgets)[0]).toMatchObject({ used: 0n, held: 0n });
  });

  it('tells each share once in a window', async () => {
    const alerts: unknown[] = [];
    const { book, clock } = openBook(alerts);
    const budget = budgetOf({ limit: 100, alertPercents: [50, 80] });
    const spend = (tokens: number) => held(book.hold([budget], wish(tokens))).settle(used(tokens));
    spend(49);
    expect(alerts).toEqual([]);
    spend(1);
    spend(10);
    expect(alerts).toEqual([['key/k/hour/tokens', 50]]);
    spend(30);
    expect(alerts).toHaveLength(2);
    await clock.advance(HOUR_MS);
    spend(85);
    expect(alerts.slice(2)).toEqual([
      ['key/k/hour/tokens', 50],
      ['key/k/hour/tokens', 80],
    ]);
  });

  it('tells them anew of a budget that was changed, whose teller knows what was told', () => {
    const alerts: unknown[] = [];
    const { book } = openBook(alerts);
    const spend = (budget: Budget, tokens: number) =>
      held(book.hold([budget], wish(tokens))).settle(used(tokens));
    spend(budgetOf({ limit: 100, alertPercents: [80] }), 90);
    const raised = budgetOf({ limit: 1000, alertPercents: [80] });
    spend(raised, 10);
    expect(alerts).toHaveLength(1);
    spend(raised, 700);
    expect(alerts).toEqual([
      ['key/k/hour/tokens', 80],
      ['key/k/hour/tokens', 80],
    ]);
  });
});

describe('a book', () => {
  const openOver = (given: Partial<Parameters<typeof openBudgetBook>[0]>) => {
    const clock = createFakeClock();
    const errors: unknown[] = [];
    const book = openBudgetBook(
      { priceOf: () => sheet, usedSince: () => 0n, reached: () => undefined, ...given },
      { clock, onError: (error) => void errors.push(error) },
    );
    return { book, clock, errors };
  };

  it('remembers what an answer holds that runs for longer than it remembers who is idle', async () => {
    const { book, clock } = openOver({});
    const budget = budgetOf({ limit: 100, window: 'year' });
    const running = held(book.hold([budget], wish(60, 30)));
    await clock.advance(3_000_000);
    expect(book.hold([budget], wish(11))).toMatchObject({ reason: 'held', by: { held: 90n } });
    running.settle(used(60, 30));
    expect(book.states([budget])[0]).toMatchObject({ used: 90n, held: 0n });
  });

  it('tells nothing of a window that is over, which what was used since would be in', async () => {
    const told: unknown[] = [];
    let inLedger = 0n;
    const { book, clock } = openOver({
      usedSince: () => inLedger,
      reached: (_budget, fact) => void told.push(fact),
    });
    await clock.advance(HOUR_MS - (clock.nowMs() % HOUR_MS) - 60_000);
    held(book.hold([budgetOf({ limit: 100 })], wish(10))).settle(used(10));
    await clock.advance(60_000);
    inLedger = 95n;
    await clock.advance(10_000);
    expect(told).toEqual([]);
  });

  it('goes on with what it knows while the ledger cannot be read, and asks again', async () => {
    let read: () => bigint = () => 0n;
    const { book, clock, errors } = openOver({ usedSince: () => read() });
    const budget = budgetOf({ limit: 100 });
    held(book.hold([budget], wish(10))).settle(used(10));
    read = () => {
      throw new TypeError('the disk is gone');
    };
    await clock.advance(2000);
    expect([errors.length, book.states([budget])[0]?.used]).toEqual([1, 10n]);
    read = () => 30n;
    await clock.advance(2000);
    expect([errors.length, book.states([budget])[0]?.used]).toEqual([1, 30n]);
  });

  it('charges an answer whose reached share cannot be told', () => {
    const { book, errors } = openOver({
      reached: () => {
        throw new TypeError('nobody listens');
      },
    });
    const budget = budgetOf({ limit: 100 });
    held(book.hold([budget], wish(100))).settle(used(100));
    expect([errors.length, book.states([budget])[0]?.used]).toEqual([2, 100n]);
  });

  it('holds a prompt by the price of cached tokens where that is the dearer one', () => {
    const { book } = openOver({ priceOf: () => ({ ...sheet, cachedMicro: 3_000_000 }) });
    const budget = budgetOf({ limit: 30, currency: 'EUR' });
    held(book.hold([budget], wish(10)));
    expect(book.states([budget])[0]?.held).toBe(30_000_000n);
  });
});

describe('over random interleavings', () => {
  const step = record({
    act: constantFrom('ask', 'count', 'take', 'end', 'abort'),
    size: integer({ min: 1, max: 40 }),
    cached: integer({ min: 0, max: 40 }),
  });
  const budgets = [
    budgetOf({ limit: 150 }),
    budgetOf({ limit: 400, window: 'day', owner: { type: 'tenant', tenantId: 't' } }),
    budgetOf({ limit: 1300, currency: 'EUR' }),
  ];

  it('never charges more than any budget allows, and a refusal takes nothing', () => {
    assert(
      property(array(step, { maxLength: 60 }), (steps) => {
        const { book, ledger, clock } = openBook();
        const running: { readonly hold: BudgetHold; prompt: number; made: number }[] = [];
        const spent = { tokens: 0n, pico: 0n };
        for (const { act, size, cached } of steps) {
          if (act === 'ask') {
            const before = book.states(budgets);
            const result = book.hold(budgets, wish(size, cached));
            if (result.type === 'held') running.push({ hold: result.hold, prompt: size, made: 0 });
            else expect(book.states(budgets)).toEqual(before);
          } else {
            const each = running[size % Math.max(1, running.length)];
            if (each === undefined) continue;
            if (act === 'count') {
              if (each.hold.recount(size) === undefined) each.prompt = size;
            } else if (act === 'take') each.made += each.hold.take(size) ? size : 0;
            else {
              const kept = Math.min(cached, each.prompt);
              const output = act === 'abort' ? Math.max(0, each.made - 1) : each.made;
              each.hold.settle(used(each.prompt - kept, output, kept));
              spent.tokens += BigInt(each.prompt + output);
              spent.pico +=
                BigInt(each.prompt - kept) * 2_000_000n +
                BigInt(kept) * 500_000n +
                BigInt(output) * 8_000_000n;
              running.splice(running.indexOf(each), 1);
            }
          }
          expect(spent.tokens <= 150n && spent.pico <= 1_300_000_000n).toBe(true);
          for (const { used: charged, held: reserved, limit } of book.states(budgets)) {
            expect(charged + reserved <= limit && reserved >= 0n).toBe(true);
          }
        }
        for (const { hold, prompt, made } of running) hold.settle(used(prompt, made));
        expect(book.states(budgets).map(({ held: reserved }) => reserved)).toEqual([0n, 0n, 0n]);
        expect([ledger.size, clock.pendingTimers()]).toEqual([0, 1]);
        book[Symbol.dispose]();
        expect(clock.pendingTimers()).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { hostActor } from '../../../electron/app/access/actor.ts';
import { openLedger } from '../../../electron/app/access/ledger.ts';
import { openStorage } from '../../../electron/storage/index.ts';
import { migrations } from '../../../electron/storage/migrations/list.ts';
import { usageGroups, type UsageRow } from '../../../shared/contract/usage.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { makeStatement } from '../../../shared/units/make-statement.ts';
import { readPico } from '../../../shared/units/micro.ts';
import { usageCsv } from '../../../shared/units/usage-csv.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { usageRow } from '../../support/usage-row.ts';
import { priceSheet as sheet } from '../../support/price-sheet.ts';

const span = { fromMs: 0, toMs: Number.MAX_SAFE_INTEGER };
const month = { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 11, 1) };

/** A ledger on a real database, whose sheets the test sets. */
const open = (path = ':memory:') => {
  const storage = openStorage(path);
  const ledger = openLedger({
    store: storage.usage,
    sheets: storage.prices.list,
    clock: createFakeClock(),
    log: createFakeLog(),
  });
  const rows = (): readonly UsageRow[] => ledger.rows(hostActor, { ...span, limit: 100_000 });
  const statement = (tenantId = 'a', currency = 'EUR') => {
    const of = { ...month, tenantId };
    const used = { days: ledger.days(of), priced: ledger.pricedDays({ ...of, currency }) };
    const head = { tenantName: tenantId, keyName: null, madeAtMs: month.toMs };
    return makeStatement({ tenantId, month: '2026-11', currency, ...head }, used, storage.prices.list());
  };
  const close = (): void => {
    ledger[Symbol.dispose]();
    storage[Symbol.dispose]();
  };
  return { storage, ledger, rows, statement, [Symbol.dispose]: close };
};

it('writes what a request cost at the prices of that moment, worked out by hand', () => {
  using world = open();
  world.storage.prices.put(sheet());
  world.storage.prices.put(sheet({ currency: 'USD', model: 'de*', promptMicro: 1, cachedMicro: 0 }));
  // of 10 prompt tokens 4 cached, 5 output: 6 × 0.25 + 4 × 0.05 + 5 × 1 millionths of a EUR
  world.ledger.add(usageRow('r1'));
  world.ledger.add(usageRow('r2', { model: 'other' }));
  world.ledger.add(usageRow('r3'));
  expect(world.rows().map(({ costs }) => costs?.map(({ currency, amount }) => [currency, amount]))).toEqual([
    [
      ['EUR', '0.000006700000'],
      ['USD', '0.000005000006'],
    ],
    [],
    [
      ['EUR', '0.000006700000'],
      ['USD', '0.000005000006'],
    ],
  ]);
  expect(world.ledger.sum(hostActor, { ...span, by: 'key' })).toMatchObject([
    {
      requests: 3,
      costs: [
        { currency: 'EUR', amount: '0.000013400000', requests: 2, unpricedTokens: 15 },
        { currency: 'USD', amount: '0.000010000012', requests: 2, unpricedTokens: 15 },
      ],
    },
  ]);
  const [head = '', first = '', second = ''] = usageCsv(world.rows()).split('\r\n');
  expect(head).toMatch(/,costEUR,sheetEUR,costUSD,sheetUSD$/u);
  expect(first).toMatch(/,0\.000006700000,demo from 2026-11-01,0\.000005000006,de\* from 2026-11-01$/u);
  expect(second).toMatch(/,,,,$/u);
});

it('prices each row at the sheet of the day it arrived, though both are written at once', () => {
  using world = open();
  world.storage.prices.put(sheet());
  world.storage.prices.put(sheet({ fromDay: '2026-11-26', outputMicro: 0 }));
  world.ledger.add(usageRow('r1', { atMs: Date.UTC(2026, 10, 25, 23, 59) }));
  world.ledger.add(usageRow('r2', { atMs: Date.UTC(2026, 10, 26) }));
  expect(world.rows().map(({ costs }) => costs?.[0]?.sheet.fromDay)).toEqual(['2026-11-01', '2026-11-26']);
});

it('leaves a month as it was written when prices change, and prices later what had none, saying so', () => {
  using world = open();
  world.ledger.add(usageRow('before'));
  expect(world.statement()).toMatchObject({ totalMicro: 0, unpricedTokens: 15 });
  world.storage.prices.put(sheet());
  world.ledger.add(usageRow('r1'));
  expect(world.rows().map(({ costs }) => costs?.length)).toEqual([0, 1]);
  world.storage.prices.put(sheet({ promptMicro: 9_000_000, cachedMicro: 9_000_000, outputMicro: 9_000_000 }));
  world.ledger.add(usageRow('r2'));
  expect(world.rows()).toHaveLength(3); // written before the sheet goes
  world.storage.prices.remove(sheet());
  expect(
    world.statement().lines.map(({ kind, tokens, amountMicro, basis }) => [kind, tokens, amountMicro, basis]),
  ).toEqual([
    ['prompt', 6, 2, 'recorded'],
    ['cached', 4, 0, 'recorded'],
    ['output', 5, 5, 'recorded'],
    ['prompt', 6, 54, 'recorded'],
    ['cached', 4, 36, 'recorded'],
    ['output', 5, 45, 'recorded'],
    ['prompt', 6, null, null],
    ['cached', 4, null, null],
    ['output', 5, null, null],
  ]);
  world.storage.prices.put(sheet());
  expect(
    world
      .statement()
      .lines.slice(6)
      .map(({ amountMicro, basis }) => [amountMicro, basis]),
  ).toEqual([
    [2, 'later'],
    [0, 'later'],
    [5, 'later'],
  ]);
  expect(world.statement().unpricedTokens).toBe(0);
});

it('adds up: rows, sums by anything and statements, whatever is asked, priced and changed meanwhile', () => {
  const tokens = integer({ min: 0, max: 2_000_000 });
  const price = integer({ min: 0, max: 1_000_000_000 });
  const step = record({
    model: constantFrom('demo', 'demo-q4', 'other'),
    tenantId: constantFrom('a', 'b'),
    keyId: constantFrom('k', 'l'),
    atMs: integer({ min: month.fromMs, max: month.toMs - 1 }),
    prompt: tokens,
    cached: tokens,
    output: tokens,
    /** What is set before the request is written. */
    sheet: record({
      model: constantFrom('demo', 'demo*', '*', 'none'),
      currency: constantFrom('EUR', 'USD'),
      fromDay: constantFrom('2026-11-01', '2026-11-15'),
      promptMicro: price,
      cachedMicro: price,
      outputMicro: price,
    }),
  });
  const adding = property(array(step, { minLength: 1, maxLength: 12 }), (steps) => {
    using world = open();
    for (const [index, { sheet: next, prompt, cached, output, ...who }] of steps.entries()) {
      world.storage.prices.put(next);
      const used = {
        promptTokens: prompt,
        cachedTokens: Math.min(prompt, cached),
        outputTokens: output,
      };
      world.ledger.add(usageRow(`r${index}`, { ...who, ...used }));
      world.rows(); // writes
    }
    for (const currency of ['EUR', 'USD']) {
      const costOf = ({ costs }: Pick<UsageRow, 'costs'>): bigint =>
        (costs ?? [])
          .filter((cost) => cost.currency === currency)
          .reduce((pico, { amount }) => pico + readPico(amount), 0n);
      const sumOf = (rows: readonly UsageRow[]): bigint => rows.reduce((pico, row) => pico + costOf(row), 0n);
      for (const by of usageGroups) {
        const sums = world.ledger
          .sum(hostActor, { ...span, by })
          .flatMap(({ costs }) => costs)
          .filter((cost) => cost.currency === currency);
        expect(sums.reduce((pico, { amount }) => pico + readPico(amount), 0n)).toBe(sumOf(world.rows()));
      }
      for (const tenantId of ['a', 'b']) {
        const { lines } = world.statement(tenantId, currency);
        const recorded = lines.filter(({ basis }) => basis === 'recorded');
        const billed = recorded.reduce((micro, { amountMicro }) => micro + BigInt(amountMicro ?? 0), 0n);
        const off = billed * 1_000_000n - sumOf(world.rows().filter((row) => row.tenantId === tenantId));
        // each line is rounded once, by half a millionth at most
        expect(off <= 500_000n * BigInt(recorded.length)).toBe(true);
        expect(off >= -500_000n * BigInt(recorded.length)).toBe(true);
        const used = world.rows().filter((row) => row.tenantId === tenantId);
        expect(lines.reduce((sum, line) => sum + line.tokens, 0)).toBe(
          used.reduce((sum, row) => sum + row.promptTokens + row.outputTokens, 0),
        );
      }
    }
  });
  assert(adding, { numRuns: 60, seed: 4 });
});

it('writes rows without a price where the sheets cannot be read, rather than lose them', () => {
  using storage = openStorage(':memory:');
  const log = createFakeLog();
  const sheets = () => {
    throw new AppError('storage.corrupt', 'A stored document is no JSON');
  };
  using ledger = openLedger({ store: storage.usage, sheets, clock: createFakeClock(), log });
  ledger.add(usageRow('r1'));
  expect(ledger.rows(hostActor, { ...span, limit: 10 }).map(({ costs }) => costs)).toEqual([[]]);
  expect(log.lines.map(({ message }) => message)).toEqual([
    'the price sheets cannot be read: rows are written without a price',
  ]);
});

it('reads a database of before costs were kept: its rows are not priced, and a sheet of now prices its month', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dyno-costs-'));
  const path = join(folder, 'dyno.db');
  try {
    const { costs: _costs, cacheTier: _tier, ...old } = usageRow('old');
    const before = new DatabaseSync(path);
    before.exec(`${migrations.slice(0, 8).join(';')}; PRAGMA user_version = 8`);
    before
      .prepare('INSERT INTO usage_rows (request_id, at_ms, tenant_id, body) VALUES (?, ?, ?, ?)')
      .run(old.requestId, old.atMs, old.tenantId, JSON.stringify(old));
    before
      .prepare('INSERT INTO usage_hours VALUES (?, ?, ?, ?, ?, 1, 0, 10, 4, 5)')
      .run(Date.UTC(2026, 10, 25, 13), 'a', 'default', 'k', 'demo');
    before.close();

    using world = open(path);
    world.storage.prices.put(sheet());
    world.ledger.add(usageRow('new'));
    expect(world.rows().map(({ costs, cacheTier }) => [costs?.length ?? null, cacheTier])).toEqual([
      [null, null],
      [1, 'prefix'],
    ]);
    expect(world.ledger.sum(hostActor, { ...span, by: 'key' })).toMatchObject([
      {
        requests: 2,
        tiers: { none: 0, prefix: 1, exact: 0 },
        costs: [{ amount: '0.000006700000', requests: 1, unpricedTokens: 15 }],
      },
    ]);
    expect(world.statement().lines.map(({ basis, tokens }) => [basis, tokens])).toEqual([
      ['recorded', 6],
      ['recorded', 4],
      ['recorded', 5],
      ['later', 6],
      ['later', 4],
      ['later', 5],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

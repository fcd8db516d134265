import { expect, it } from 'vitest';
import { openLedger } from '../../../electron/app/access/ledger.ts';
import { openStorage } from '../../../electron/storage/index.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeLog } from '../../support/fake-log.ts';
import { usageRow } from '../../support/usage-row.ts';

/** A ledger over a store that takes what it is given, unless its disk is full; `written` has the ids of each writing. */
const openOverStore = () => {
  const { usage } = openStorage(':memory:');
  const clock = createFakeClock();
  const log = createFakeLog();
  const written: string[][] = [];
  const disk = { isFull: false };
  const store = {
    ...usage,
    add: (rows: Parameters<typeof usage.add>[0]) => {
      if (disk.isFull) throw new AppError('storage.disk-full');
      written.push(rows.map(({ requestId }) => requestId));
    },
  };
  return { ledger: openLedger({ store, sheets: () => [], clock, log }), clock, log, written, disk };
};

it('writes each row once, at most a tenth of a second later, and what waits when it is closed', async () => {
  const { ledger, clock, written } = openOverStore();
  ledger.add(usageRow('a'));
  ledger.add(usageRow('b'));
  await clock.advance(99);
  expect(written).toEqual([]);
  await clock.advance(1);
  ledger.add(usageRow('c'));
  await clock.advance(1000);
  expect(written).toEqual([['a', 'b'], ['c']]);
  ledger.add(usageRow('d'));
  ledger[Symbol.dispose]();
  expect([written.at(-1), clock.pendingTimers()]).toEqual([['d'], 0]);
});

it('keeps the rows while the disk is full, the newest hundred thousand of them, and tells what it lost', async () => {
  const { ledger, clock, log, written, disk } = openOverStore();
  disk.isFull = true;
  const row = usageRow('old');
  ledger.add(row);
  await clock.advance(100);
  expect(log.lines.at(-1)).toMatchObject({ level: 'error', fields: { waiting: 1, lost: 0 } });
  for (let count = 0; count < 100_000; count += 1) ledger.add({ ...row, requestId: `new${count}` });
  await clock.advance(100);
  expect(log.lines.at(-1)).toMatchObject({ fields: { waiting: 100_000, lost: 1 } });
  disk.isFull = false;
  await clock.advance(100);
  expect([written.length, written[0]?.length, written[0]?.[0]]).toEqual([1, 100_000, 'new0']);
  ledger[Symbol.dispose]();
});

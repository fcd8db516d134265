import { expect, it } from 'vitest';
import { openStorage } from '../../../electron/storage/index.ts';
import { priceSheet as sheet } from '../../support/price-sheet.ts';

it('keeps a sheet for each model, currency and day, and gives them in that order', () => {
  using storage = openStorage(':memory:');
  const sheets = [
    sheet({ model: '*' }),
    sheet(),
    sheet({ fromDay: '2026-12-01' }),
    sheet({ currency: 'USD' }),
  ];
  for (const each of sheets.toReversed()) storage.prices.put(each);
  expect(storage.prices.list()).toEqual(sheets);
});

it('replaces the sheet of the same model, currency and day, and no other', () => {
  using storage = openStorage(':memory:');
  const other = sheet({ fromDay: '2026-12-01' });
  storage.prices.put(sheet());
  storage.prices.put(other);
  storage.prices.put(sheet({ promptMicro: 1 }));
  expect(storage.prices.list()).toEqual([sheet({ promptMicro: 1 }), other]);
});

it('forgets one sheet by model, currency and day', () => {
  using storage = openStorage(':memory:');
  const others = [sheet({ fromDay: '2026-12-01' }), sheet({ currency: 'USD' })];
  for (const each of [sheet(), ...others]) storage.prices.put(each);
  storage.prices.remove(sheet());
  storage.prices.remove(sheet({ model: 'nobody' }));
  expect(storage.prices.list()).toEqual(others);
});

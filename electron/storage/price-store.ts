import { priceSheetSchema } from '../../shared/contract/prices.ts';
import type { PriceStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument } from './documents.ts';

/** What tokens cost. */
export const createPriceStore = (database: Database): PriceStore => ({
  list: () =>
    database
      .all('SELECT body FROM price_sheets ORDER BY currency, model, from_day')
      .map((row) => readDocument(priceSheetSchema, row)),
  put: (sheet) =>
    void database.run(
      'INSERT OR REPLACE INTO price_sheets VALUES (?, ?, ?, ?)',
      sheet.model,
      sheet.currency,
      sheet.fromDay,
      JSON.stringify(sheet),
    ),
  remove: ({ model, currency, fromDay }) =>
    void database.run(
      'DELETE FROM price_sheets WHERE model = ? AND currency = ? AND from_day = ?',
      model,
      currency,
      fromDay,
    ),
});

import { z } from 'zod';
import { priceSheetSchema, type PricedDay } from '../../shared/contract/prices.ts';
import type { UsageCost, UsageRow, UsageSum } from '../../shared/contract/usage.ts';
import { formatPico } from '../../shared/units/micro.ts';
import { pricedTokensOf } from '../../shared/units/price-usage.ts';
import { costPico } from '../../shared/units/token-cost.ts';
import type { UsageStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { groupSql, HOUR_MS, hourOf } from './usage-groups.ts';

/**
 * What usage came to. Tokens are kept by the prices they had, never amounts: SQLite's integers end at 9.2 million of a
 * currency in picos, tokens times prices in big numbers nowhere.
 */
export interface UsageCosts {
  /** Adds a new row's share to its hour. */
  add(row: UsageRow): void;
  /** @returns what a group of the same span came to */
  sum(
    span: Parameters<UsageStore['sum']>[0],
  ): (total: Pick<UsageSum, 'group' | 'promptTokens' | 'outputTokens'>) => UsageCost[];
  days: UsageStore['pricedDays'];
}

const tokensShape = { promptTokens: z.number(), cachedTokens: z.number(), outputTokens: z.number() };
const tokensSql = `sum(prompt_tokens) AS "promptTokens", sum(cached_tokens) AS "cachedTokens",
  sum(output_tokens) AS "outputTokens"`;
const pricesSql = `prompt_micro AS "promptMicro", cached_micro AS "cachedMicro", output_micro AS "outputMicro"`;

const pricedSumSchema = z.object({
  ...tokensShape,
  ...priceSheetSchema.pick({ currency: true, promptMicro: true, cachedMicro: true, outputMicro: true }).shape,
  group: z.string(),
  requests: z.number(),
});
type PricedSum = z.infer<typeof pricedSumSchema>;

const pricedDaySchema = z.object({ ...tokensShape, day: z.string(), model: z.string() });

/** One currency of one group. */
const toCost = (
  currency: string,
  sums: readonly PricedSum[],
  total: Pick<UsageSum, 'promptTokens' | 'outputTokens'>,
): UsageCost => {
  const priced = sums.reduce((tokens, sum) => tokens + sum.promptTokens + sum.outputTokens, 0);
  return {
    currency,
    amount: formatPico(sums.reduce((pico, sum) => pico + costPico(pricedTokensOf(sum), sum), 0n)),
    requests: sums.reduce((requests, sum) => requests + sum.requests, 0),
    unpricedTokens: total.promptTokens + total.outputTokens - priced,
  };
};

export const createUsageCosts = (database: Database): UsageCosts => ({
  add: (row) => {
    for (const { currency, sheet } of row.costs ?? []) {
      database.run(
        `INSERT INTO usage_costs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
         ON CONFLICT DO UPDATE SET requests = requests + 1,
           prompt_tokens = prompt_tokens + excluded.prompt_tokens,
           cached_tokens = cached_tokens + excluded.cached_tokens,
           output_tokens = output_tokens + excluded.output_tokens`,
        hourOf(row.atMs),
        row.tenantId,
        row.projectId,
        row.keyId,
        row.model,
        currency,
        sheet.model,
        sheet.fromDay,
        sheet.promptMicro,
        sheet.cachedMicro,
        sheet.outputMicro,
        row.promptTokens,
        row.cachedTokens,
        row.outputTokens,
      );
    }
  },
  sum: ({ fromMs, toMs, by, tenantId }) => {
    const sums = database
      .all(
        `SELECT ${groupSql[by]} AS "group", currency, ${pricesSql}, sum(requests) AS requests, ${tokensSql}
         FROM usage_costs
         WHERE hour_ms + ${HOUR_MS} > ?1 AND hour_ms < ?2 AND (?3 IS NULL OR tenant_id = ?3)
         GROUP BY 1, 2, 3, 4, 5 ORDER BY 2`,
        fromMs,
        toMs,
        tenantId ?? null,
      )
      .map((row) => pricedSumSchema.parse(row));
    const byGroup = Map.groupBy(sums, ({ group }) => group);
    return (total) =>
      [...Map.groupBy(byGroup.get(total.group) ?? [], ({ currency }) => currency)].map(([currency, ofOne]) =>
        toCost(currency, ofOne, total),
      );
  },
  days: ({ fromMs, toMs, tenantId, keyId, currency }) =>
    database
      .all(
        `SELECT ${groupSql.day} AS day, model, sheet_model AS "sheetModel", currency,
           sheet_from_day AS "fromDay", ${pricesSql}, ${tokensSql}
         FROM usage_costs
         WHERE hour_ms >= ?1 AND hour_ms < ?2 AND (?3 IS NULL OR tenant_id = ?3)
           AND (?4 IS NULL OR key_id = ?4) AND currency = ?5
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 2, 1`,
        fromMs,
        toMs,
        tenantId ?? null,
        keyId ?? null,
        currency,
      )
      .map((row): PricedDay => ({
        ...pricedDaySchema.parse(row),
        sheet: priceSheetSchema.parse({ ...row, model: row['sheetModel'] }),
      })),
});

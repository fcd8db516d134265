import { cacheTierSchema } from '../../shared/contract/cache-tier.ts';
import { usageDaySchema } from '../../shared/contract/prices.ts';
import { usageRowSchema, usageSumSchema, type UsageRow } from '../../shared/contract/usage.ts';
import type { UsageStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument } from './documents.ts';
import { createUsageCosts } from './usage-costs.ts';
import { groupSql, HOUR_MS, hourOf } from './usage-groups.ts';

/** What every sum has, whatever it is of. */
const totalsSql = `sum(requests) AS requests, sum(errors) AS errors, sum(prompt_tokens) AS "promptTokens",
  sum(cached_tokens) AS "cachedTokens", sum(output_tokens) AS "outputTokens",
  sum(tier_none) AS none, sum(tier_prefix) AS prefix, sum(tier_exact) AS exact`;

const withTiers = (row: Readonly<Record<string, unknown>>) => {
  const { none, prefix, exact, ...others } = row;
  return { ...others, tiers: { none, prefix, exact } };
};

/** The ledger: a row and its share of the hour are written together, and a row that is there already counts once. */
export const createUsageStore = (database: Database): UsageStore => {
  const costs = createUsageCosts(database);
  const addRow = (row: UsageRow): void => {
    const isNew = database.one(
      `INSERT INTO usage_rows (request_id, at_ms, tenant_id, body) VALUES (?, ?, ?, ?)
       ON CONFLICT (request_id) DO NOTHING RETURNING seq`,
      row.requestId,
      row.atMs,
      row.tenantId,
      JSON.stringify(row),
    );
    if (isNew === undefined) return;
    database.run(
      `INSERT INTO usage_hours (hour_ms, tenant_id, project_id, key_id, model, requests, errors, prompt_tokens,
         cached_tokens, output_tokens, tier_none, tier_prefix, tier_exact)
       VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET requests = requests + 1, errors = errors + excluded.errors,
         prompt_tokens = prompt_tokens + excluded.prompt_tokens,
         cached_tokens = cached_tokens + excluded.cached_tokens,
         output_tokens = output_tokens + excluded.output_tokens,
         tier_none = tier_none + excluded.tier_none, tier_prefix = tier_prefix + excluded.tier_prefix,
         tier_exact = tier_exact + excluded.tier_exact`,
      hourOf(row.atMs),
      row.tenantId,
      row.projectId,
      row.keyId,
      row.model,
      row.errorCode === null ? 0 : 1,
      row.promptTokens,
      row.cachedTokens,
      row.outputTokens,
      ...cacheTierSchema.options.map((tier) => Number(row.cacheTier === tier)),
    );
    costs.add(row);
  };
  return {
    add: (rows) => database.transaction(() => rows.forEach(addRow)),
    rows: ({ fromMs, toMs, limit, tenantId }) =>
      database
        .all(
          `SELECT body FROM usage_rows
           WHERE at_ms >= ?1 AND at_ms < ?2 AND (?3 IS NULL OR tenant_id = ?3) ORDER BY seq LIMIT ?4`,
          fromMs,
          toMs,
          tenantId ?? null,
          limit,
        )
        .map((row) => readDocument(usageRowSchema, row)),
    sum: (span) => {
      const { fromMs, toMs, by, tenantId } = span;
      const costsOf = costs.sum(span);
      return database
        .all(
          `SELECT ${groupSql[by]} AS "group", ${totalsSql}
           FROM usage_hours
           WHERE hour_ms + ${HOUR_MS} > ?1 AND hour_ms < ?2 AND (?3 IS NULL OR tenant_id = ?3)
           GROUP BY 1 ORDER BY 1`,
          fromMs,
          toMs,
          tenantId ?? null,
        )
        .map((row) => {
          const sum = usageSumSchema.omit({ costs: true }).parse(withTiers(row));
          return { ...sum, costs: costsOf(sum) };
        });
    },
    days: ({ fromMs, toMs, tenantId, keyId }) =>
      database
        .all(
          `SELECT ${groupSql.day} AS day, model, ${totalsSql}
           FROM usage_hours
           WHERE hour_ms >= ?1 AND hour_ms < ?2 AND (?3 IS NULL OR tenant_id = ?3)
             AND (?4 IS NULL OR key_id = ?4)
           GROUP BY 1, 2 ORDER BY 2, 1`,
          fromMs,
          toMs,
          tenantId ?? null,
          keyId ?? null,
        )
        .map((row) => usageDaySchema.parse(withTiers(row))),
    pricedDays: costs.days,
  };
};

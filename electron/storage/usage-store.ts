import { usageDaySchema } from '../../shared/contract/prices.ts';
import {
  cacheTierSchema,
  usageRowSchema,
  usageSumSchema,
  type UsageGroup,
  type UsageRow,
} from '../../shared/contract/usage.ts';
import type { UsageStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument } from './documents.ts';

const HOUR_MS = 3_600_000;

/** Each group as an expression over the hourly sums; none comes from outside. */
const groupSql: Readonly<Record<UsageGroup, string>> = {
  key: 'key_id',
  tenant: 'tenant_id',
  project: `tenant_id || '/' || project_id`,
  model: 'model',
  hour: `strftime('%Y-%m-%dT%H:00Z', hour_ms / 1000, 'unixepoch')`,
  day: `strftime('%Y-%m-%d', hour_ms / 1000, 'unixepoch')`,
  month: `strftime('%Y-%m', hour_ms / 1000, 'unixepoch')`,
};

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
      Math.floor(row.atMs / HOUR_MS) * HOUR_MS,
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
    sum: ({ fromMs, toMs, by, tenantId }) =>
      database
        .all(
          `SELECT ${groupSql[by]} AS "group", ${totalsSql}
           FROM usage_hours
           WHERE hour_ms + ${HOUR_MS} > ?1 AND hour_ms < ?2 AND (?3 IS NULL OR tenant_id = ?3)
           GROUP BY 1 ORDER BY 1`,
          fromMs,
          toMs,
          tenantId ?? null,
        )
        .map((row) => usageSumSchema.parse(withTiers(row))),
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
  };
};

import { cacheTierSchema } from '../../shared/contract/cache-tier.ts';
import { usageDaySchema } from '../../shared/contract/prices.ts';
import { rowEnergySchema } from '../../shared/contract/usage-energy.ts';
import {
  usageRowSchema,
  usageSumSchema,
  type UsageRow,
  type WrittenRow,
} from '../../shared/contract/usage.ts';
import type { UsageStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { readDocument, textOf } from './documents.ts';
import { createUsageCosts } from './usage-costs.ts';
import { createUsageEnergy } from './usage-energy.ts';
import { groupSql, HOUR_MS, hourOf } from './usage-groups.ts';

/** What every sum has, whatever it is of. */
const totalsSql = `sum(requests) AS requests, sum(errors) AS errors, sum(prompt_tokens) AS "promptTokens",
  sum(cached_tokens) AS "cachedTokens", sum(output_tokens) AS "outputTokens",
  sum(tier_none) AS none, sum(tier_prefix) AS prefix, sum(tier_exact) AS exact,
  sum(energy_joules) AS "energyJoules", sum(energy_requests) AS "energyRequests"`;

type Row = Readonly<Record<string, unknown>>;

const nested = (row: Row) => {
  const { none, prefix, exact, energyJoules, energyRequests, ...others } = row;
  return {
    ...others,
    tiers: { none, prefix, exact },
    energy: { joules: energyJoules, requests: energyRequests },
  };
};

/** A row of the ledger; what was told after it was written goes before what it was written with. */
const toUsageRow = (row: Row): UsageRow => ({
  ...readDocument(usageRowSchema, row),
  ...(row['energy'] !== null && { energy: readDocument(rowEnergySchema, row, 'energy') }),
  ...(row['sha256'] !== null && { modelSha256: textOf(row, 'sha256') }),
});

/** The ledger: a row and its share of the hour are written together, and a row that is there already counts once. */
export const createUsageStore = (database: Database): UsageStore => {
  const costs = createUsageCosts(database);
  const energy = createUsageEnergy(database);
  const addRow = (row: WrittenRow): void => {
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
         cached_tokens, output_tokens, tier_none, tier_prefix, tier_exact, energy_requests, energy_joules)
       VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET requests = requests + 1, errors = errors + excluded.errors,
         prompt_tokens = prompt_tokens + excluded.prompt_tokens,
         cached_tokens = cached_tokens + excluded.cached_tokens,
         output_tokens = output_tokens + excluded.output_tokens,
         tier_none = tier_none + excluded.tier_none, tier_prefix = tier_prefix + excluded.tier_prefix,
         tier_exact = tier_exact + excluded.tier_exact,
         energy_requests = energy_requests + excluded.energy_requests,
         energy_joules = energy_joules + excluded.energy_joules`,
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
      typeof row.energy?.joules === 'number' ? 1 : 0,
      row.energy?.joules ?? 0,
    );
    costs.add(row);
  };
  return {
    add: (rows) => database.transaction(() => rows.forEach(addRow)),
    addFile: ({ fileId, sha256 }) =>
      database.run('INSERT INTO usage_files VALUES (?, ?) ON CONFLICT DO NOTHING', fileId, sha256),
    fileSha256: (fileId) => {
      const row = database.one('SELECT sha256 FROM usage_files WHERE file_id = ?', fileId);
      return row === undefined ? undefined : textOf(row, 'sha256');
    },
    addEnergy: energy.add,
    hostEnergy: energy.host,
    energyMissing: energy.missing,
    rows: ({ fromMs, toMs, limit, tenantId }) =>
      database
        .all(
          `SELECT usage_rows.body, usage_energy.body AS energy, usage_files.sha256
           FROM usage_rows LEFT JOIN usage_energy USING (request_id)
             LEFT JOIN usage_files ON file_id = json_extract(usage_rows.body, '$.modelFile')
           WHERE at_ms >= ?1 AND at_ms < ?2 AND (?3 IS NULL OR tenant_id = ?3) ORDER BY seq LIMIT ?4`,
          fromMs,
          toMs,
          tenantId ?? null,
          limit,
        )
        .map(toUsageRow),
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
          const sum = usageSumSchema.omit({ costs: true }).parse(nested(row));
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
        .map((row) => usageDaySchema.parse(nested(row))),
    pricedDays: costs.days,
  };
};

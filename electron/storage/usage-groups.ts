import type { UsageGroup } from '../../shared/contract/usage.ts';

export const HOUR_MS = 3_600_000;

/** The beginning of the hour (UTC) that a moment is in. */
export const hourOf = (atMs: number): number => Math.floor(atMs / HOUR_MS) * HOUR_MS;

/** Each group as an expression over a table of sums by the hour; none comes from outside. */
export const groupSql: Readonly<Record<UsageGroup, string>> = {
  key: 'key_id',
  tenant: 'tenant_id',
  project: `tenant_id || '/' || project_id`,
  model: 'model',
  hour: `strftime('%Y-%m-%dT%H:00Z', hour_ms / 1000, 'unixepoch')`,
  day: `strftime('%Y-%m-%d', hour_ms / 1000, 'unixepoch')`,
  month: `strftime('%Y-%m', hour_ms / 1000, 'unixepoch')`,
};

import { z } from 'zod';
import type { EnergyRecord, HostEnergy, UsageStore } from '../platform/stores.ts';
import type { Database } from './database.ts';
import { textOf } from './documents.ts';
import { HOUR_MS, hourOf } from './usage-groups.ts';

/** Energy beside the ledger's rows, and what the devices drew by the hour. */
export interface UsageEnergy {
  add: UsageStore['addEnergy'];
  host: UsageStore['hostEnergy'];
  missing: UsageStore['energyMissing'];
}

/** Rows that are looked through for what is missing: a million would take a second. */
const NEWEST = 1000;

const hostEnergySchema = z.object({
  device: z.string(),
  requestJoules: z.number(),
  idleJoules: z.number(),
  seconds: z.number(),
});

export const createUsageEnergy = (database: Database): UsageEnergy => {
  const addRecord = ({ entry, energy }: EnergyRecord): void => {
    const isNew = database.one(
      'INSERT INTO usage_energy VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING request_id',
      entry.requestId,
      JSON.stringify(energy),
    );
    if (isNew === undefined || energy.joules === null) return;
    database.run(
      `UPDATE usage_hours SET energy_requests = energy_requests + 1, energy_joules = energy_joules + ?1
       WHERE hour_ms = ?2 AND tenant_id = ?3 AND project_id = ?4 AND key_id = ?5 AND model = ?6`,
      energy.joules,
      hourOf(entry.atMs),
      entry.tenantId,
      entry.projectId,
      entry.keyId,
      entry.model,
    );
  };
  const addHost = ({ atMs, device, requestJoules, idleJoules, seconds }: HostEnergy): void => {
    database.run(
      `INSERT INTO energy_hours VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET request_joules = request_joules + excluded.request_joules,
         idle_joules = idle_joules + excluded.idle_joules, seconds = seconds + excluded.seconds`,
      hourOf(atMs),
      device,
      requestJoules,
      idleJoules,
      seconds,
    );
  };
  return {
    add: (records, host) =>
      database.transaction(() => {
        records.forEach(addRecord);
        host.forEach(addHost);
      }),
    host: ({ fromMs, toMs }) =>
      database
        .all(
          `SELECT device, sum(request_joules) AS "requestJoules", sum(idle_joules) AS "idleJoules",
             sum(seconds) AS seconds
           FROM energy_hours WHERE hour_ms + ${HOUR_MS} > ?1 AND hour_ms < ?2 GROUP BY 1 ORDER BY 1`,
          fromMs,
          toMs,
        )
        .map((row) => hostEnergySchema.parse(row)),
    missing: ({ fromMs, toMs }) => {
      const row = database.one(
        `SELECT reason FROM (
           SELECT seq, CASE
             WHEN told.body IS NOT NULL THEN json_extract(told.body, '$.reason')
             WHEN json_extract(usage_rows.body, '$.energy') IS NULL THEN 'it was written before energy was kept'
             ELSE json_extract(usage_rows.body, '$.energy.reason') END AS reason
           FROM usage_rows LEFT JOIN usage_energy AS told USING (request_id)
           WHERE at_ms >= ?1 AND at_ms < ?2 ORDER BY seq DESC LIMIT ${NEWEST})
         WHERE reason IS NOT NULL ORDER BY seq DESC LIMIT 1`,
        fromMs,
        toMs,
      );
      return row === undefined ? undefined : textOf(row, 'reason');
    },
  };
};

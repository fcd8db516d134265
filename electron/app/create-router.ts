import type { Logger } from '../platform/ports.ts';
import { appHandlers } from './handlers/app.ts';
import { alertHandlers } from './handlers/alerts.ts';
import { budgetHandlers } from './handlers/budgets.ts';
import { benchHandlers } from './handlers/bench.ts';
import { compatHandlers } from './handlers/compat.ts';
import { engineHandlers } from './handlers/engines.ts';
import { hardwareHandlers } from './handlers/hardware.ts';
import { jobHandlers } from './handlers/jobs.ts';
import { auditHandlers, keyHandlers, tenantHandlers } from './handlers/keys.ts';
import { loadHandlers } from './handlers/load.ts';
import { modelHandlers } from './handlers/models.ts';
import { sweepHandlers } from './handlers/sweeps.ts';
import { qualityHandlers } from './handlers/quality.ts';
import { recordingHandlers } from './handlers/recording.ts';
import { reportHandlers } from './handlers/reports.ts';
import { serverHandlers } from './handlers/server.ts';
import { synthHandlers } from './handlers/synth.ts';
import { priceHandlers } from './handlers/prices.ts';
import { costHandlers } from './handlers/costs.ts';
import { usageHandlers } from './handlers/usage.ts';
import type { Features } from './features.ts';
import { createImplementer } from './implementer.ts';

/** The contract implemented: one object for every transport. */
export const createRouter = (features: Features, log: Logger) => {
  const implementer = createImplementer(log);
  return implementer.router({
    app: appHandlers(implementer, features),
    jobs: jobHandlers(implementer, features),
    hardware: hardwareHandlers(implementer, features),
    models: modelHandlers(implementer, features),
    synth: synthHandlers(implementer, features),
    engines: engineHandlers(implementer, features),
    bench: benchHandlers(implementer, features),
    sweeps: sweepHandlers(implementer, features),
    quality: qualityHandlers(implementer, features),
    compat: compatHandlers(implementer, features),
    load: loadHandlers(implementer, features),
    reports: reportHandlers(implementer, features),
    server: serverHandlers(implementer, features),
    keys: keyHandlers(implementer, features),
    tenants: tenantHandlers(implementer, features),
    audit: auditHandlers(implementer, features),
    usage: usageHandlers(implementer, features),
    prices: priceHandlers(implementer, features),
    costs: costHandlers(implementer, features),
    budgets: budgetHandlers(implementer, features),
    alerts: alertHandlers(implementer, features),
    recording: recordingHandlers(implementer, features),
  });
};

export type AppRouter = ReturnType<typeof createRouter>;

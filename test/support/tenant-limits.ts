import type { LimitPorts } from '../../electron/gateway/limits/limit-desk.ts';
import { noLimits, type Limits } from '../../shared/contract/limits.ts';

/** The same limits for every tenant, as `tenant` has them when they are asked for; none of the server, nothing used yet. */
export const tenantLimits = (tenant: Partial<Limits>): LimitPorts => ({
  tenantLimits: () => ({ ...noLimits, ...tenant }),
  serverLimits: () => noLimits,
  loadDebts: () => [],
  saveDebts: () => undefined,
});

import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';

export const costHandlers = ({ costs }: Implementer, { access }: Features) => ({
  local: costs.local.handler(() => access.costs.local()),
  setLocal: costs.setLocal.handler(({ input, context }) => access.costs.setLocal(context.actor, input.local)),
  report: costs.report.handler(({ input, context }) => access.costs.report(context.actor, input)),
});

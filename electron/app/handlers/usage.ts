import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';

export const usageHandlers = ({ usage }: Implementer, { access }: Features) => ({
  sum: usage.sum.handler(({ input, context }) => [...access.ledger.sum(context.actor, input)]),
  rows: usage.rows.handler(({ input, context }) => [...access.ledger.rows(context.actor, input)]),
});

import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';

export const priceHandlers = ({ prices }: Implementer, { access }: Features) => ({
  list: prices.list.handler(() => [...access.prices.list()]),
  set: prices.set.handler(({ input, context }) => access.prices.set(context.actor, input)),
  remove: prices.remove.handler(({ input, context }) => access.prices.remove(context.actor, input)),
  statement: prices.statement.handler(({ input, context }) => access.prices.statement(context.actor, input)),
});

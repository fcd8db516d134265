import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';

export const budgetHandlers = ({ budgets }: Implementer, { access }: Features) => ({
  list: budgets.list.handler(({ context }) => [...access.budgets.list(context.actor)]),
  set: budgets.set.handler(({ input, context }) => access.budgets.set(context.actor, input)),
  remove: budgets.remove.handler(({ input, context }) => access.budgets.remove(context.actor, input)),
});

import type { QuestionCall } from '../call.ts';
import type { Exchange } from '../exchange.ts';
import type { Comeback } from '../limits/comeback.ts';
import { factsOf, type RouteTable } from '../router/route-table.ts';
import { untilAborted } from '../until-aborted.ts';
import { capacityOf } from './admit.ts';
import { route } from './route.ts';

/** Resolves when an engine of the model is ready, or none is coming. */
const untilLoaded = async (
  { signal }: Exchange,
  { model }: QuestionCall,
  routes: RouteTable,
): Promise<void> => {
  const isComing = (): boolean => {
    const capacity = capacityOf(model);
    return capacity.type === 'open' && capacity.slots === 0;
  };
  if (!isComing()) return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  using _watch = routes.onChange(() => {
    if (!isComing()) resolve(undefined);
  });
  await untilAborted(promise, signal);
};

/**
 * Seventh stage of a question: it needs an engine, but none of its slots. While the model loads it is refused, and waits
 * once it comes back as told.
 * @throws AppError `engine.not-ready`
 */
export const ask = async (
  exchange: Exchange,
  call: QuestionCall,
  { routes, comeback }: { readonly routes: RouteTable; readonly comeback: Pick<Comeback, 'refusedAtMs'> },
): Promise<unknown> => {
  if (factsOf(call.model) === undefined && comeback.refusedAtMs() !== undefined) {
    await untilLoaded(exchange, call, routes);
  }
  return untilAborted(call.answer(route(exchange, call.model), exchange.signal), exchange.signal);
};

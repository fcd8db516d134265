import type { QuestionCall } from '../call.ts';
import type { Exchange } from '../exchange.ts';
import type { Capacity } from '../limits/admission-queue.ts';
import type { Comeback } from '../limits/comeback.ts';
import type { WaitingRoom } from '../limits/waiting-room.ts';
import { factsOf, type RouteTable } from '../router/route-table.ts';
import { untilAborted } from '../until-aborted.ts';
import { capacityOf } from './admit.ts';
import { route } from './route.ts';

/** Resolves when an engine of the model is ready, or none is coming. */
const untilLoaded = async (
  { principal, record, signal }: Exchange,
  { model }: QuestionCall,
  { routes, room }: { readonly routes: RouteTable; readonly room: WaitingRoom },
): Promise<void> => {
  record.degraded('queue');
  using _watch = routes.onChange(room.look);
  const attempt = (): Capacity | undefined => {
    const capacity = capacityOf(model);
    return capacity.type === 'open' && capacity.slots === 0 ? undefined : capacity;
  };
  await room.wait(principal.keyId, attempt, signal);
};

/**
 * Ninth stage of a question: it needs an engine, but none of its slots. While the model loads it is refused, and waits
 * once it comes back as told.
 * @throws AppError `engine.not-ready`
 */
export const ask = async (
  exchange: Exchange,
  call: QuestionCall,
  {
    routes,
    room,
    comeback,
  }: {
    readonly routes: RouteTable;
    readonly room: WaitingRoom;
    readonly comeback: Pick<Comeback, 'refusedAtMs'>;
  },
): Promise<unknown> => {
  if (factsOf(call.model) === undefined && comeback.refusedAtMs() !== undefined) {
    await untilLoaded(exchange, call, { routes, room });
  }
  return untilAborted(call.answer(route(exchange, call.model), exchange.signal), exchange.signal);
};

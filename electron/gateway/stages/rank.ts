import type { RankCall } from '../call.ts';
import type { Exchange } from '../exchange.ts';
import type { Ticket } from '../limits/admission-queue.ts';
import { untilAborted } from '../until-aborted.ts';
import { route } from './route.ts';

/** Seventh stage of a rerank call: one ticket for all its documents. */
export const rank = async (
  exchange: Exchange,
  call: RankCall,
  given: Ticket | undefined,
): Promise<{ readonly scores: readonly number[]; readonly promptTokens: number }> => {
  using ticket = given;
  if (ticket?.granted !== undefined) await untilAborted(ticket.granted, exchange.signal);
  exchange.throwIfAborted();
  const ranked = await route(call.model).rank(call.query, call.documents, exchange.signal);
  exchange.throwIfAborted();
  exchange.record.started(ranked.promptTokens, 0);
  return ranked;
};

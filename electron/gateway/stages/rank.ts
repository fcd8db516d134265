import type { Clock } from '../../platform/ports.ts';
import type { RankCall, RankResult } from '../call.ts';
import type { Exchange } from '../exchange.ts';
import { toPromptReport } from '../generation/report.ts';
import type { Ticket } from '../limits/admission-queue.ts';
import { untilAborted } from '../until-aborted.ts';
import { route } from './route.ts';

/** Seventh stage of a rerank call: one ticket for all its documents. */
export const rank = async (
  exchange: Exchange,
  call: RankCall,
  given: Ticket | undefined,
  clock: Clock,
): Promise<RankResult> => {
  using ticket = given;
  if (ticket?.granted !== undefined) await untilAborted(ticket.granted, exchange.signal);
  exchange.throwIfAborted();
  const replica = route(call.model);
  const startedMs = clock.monotonicMs();
  exchange.record.started(null, 0);
  const { scores, promptTokens } = await replica.rank(call.query, call.documents, exchange.signal);
  exchange.throwIfAborted();
  const endedMs = clock.monotonicMs();
  return {
    scores,
    ...toPromptReport(promptTokens, { arrivedMs: exchange.arrivedMs, startedMs, endedMs }),
  };
};

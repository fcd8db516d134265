import type { Clock } from '../../platform/ports.ts';
import type { RankCall, RankResult } from '../call.ts';
import type { Exchange } from '../exchange.ts';
import { toPromptReport } from '../generation/report.ts';
import type { Ticket } from '../limits/admission-queue.ts';
import { untilAborted } from '../until-aborted.ts';
import { route } from './route.ts';

/** Who asks for relevance must not take a likeness for it. */
const likenessWarning =
  "This model is no reranker: relevance_score is the cosine similarity (-1 to 1) of its embeddings of query and document, not a reranker's relevance; the embeddings of a model made for writing rank texts poorly.";

/** Ninth stage of a rerank call: one ticket for all its documents. */
export const rank = async (
  exchange: Exchange,
  call: RankCall,
  given: Ticket | undefined,
  clock: Clock,
): Promise<RankResult> => {
  using ticket = given;
  if (ticket?.granted !== undefined) await untilAborted(ticket.granted, exchange.signal);
  exchange.throwIfAborted();
  const replica = route(exchange, call.model);
  if (replica.facts().ranking === 'embeddings') exchange.reply.header('x-dyno-warning', likenessWarning);
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

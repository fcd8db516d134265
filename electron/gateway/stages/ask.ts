import type { QuestionCall } from '../call.ts';
import type { Exchange } from '../exchange.ts';
import { untilAborted } from '../until-aborted.ts';
import { route } from './route.ts';

/** Seventh stage of a question: it needs an engine, but none of its slots. */
export const ask = (exchange: Exchange, call: QuestionCall): Promise<unknown> =>
  untilAborted(call.answer(route(exchange, call.model), exchange.signal), exchange.signal);

import type { EngineReplica } from '../../engine/engine.ts';
import type { Clock } from '../../platform/ports.ts';
import type { EmbeddingCall, EmbeddingResult } from '../call.ts';
import { toPromptReport } from '../generation/report.ts';
import type { Exchange } from '../exchange.ts';
import type { Ticket } from '../limits/admission-queue.ts';
import { invalidValue } from '../parameters/parameter-error.ts';
import { untilAborted } from '../until-aborted.ts';
import { route } from './route.ts';

/**
 * Token ids as the text they stand for. Clients send ids of OpenAI's own vocabularies, which would embed nonsense
 * without a word; ids that are not this model's, or not how it splits the text, are refused.
 */
const toText = async (replica: EngineReplica, tokens: readonly number[], index: number): Promise<string> => {
  const hint = "Send text: the ids of other models' tokenizers mean other words here.";
  const vocabularySize = replica.facts().vocabularySize;
  const foreign = tokens.find((token) => token >= vocabularySize);
  if (foreign !== undefined) {
    throw invalidValue(
      `input[${index}]`,
      `Token ${foreign} is outside this model's ${vocabularySize} tokens.`,
      hint,
    );
  }
  const text = await replica.detokenize(tokens);
  const again = await replica.tokenize(text);
  if (again.length !== tokens.length || again.some((token, at) => token !== tokens[at])) {
    throw invalidValue(`input[${index}]`, 'These tokens are not how this model splits their text.', hint);
  }
  return text;
};

/** Ninth stage of an embeddings call: one ticket for all its inputs. */
export const embed = async (
  exchange: Exchange,
  call: EmbeddingCall,
  given: Ticket | undefined,
  clock: Clock,
): Promise<EmbeddingResult> => {
  using ticket = given;
  if (ticket?.granted !== undefined) await untilAborted(ticket.granted, exchange.signal);
  exchange.throwIfAborted();
  const replica = route(exchange, call.model);
  const texts: string[] = [];
  for (const [index, input] of call.inputs.entries()) {
    texts.push(typeof input === 'string' ? input : await toText(replica, input, index));
  }
  const startedMs = clock.monotonicMs();
  exchange.record.started(null, 0);
  const { vectors, promptTokens } = await replica.embed(texts, exchange.signal);
  exchange.throwIfAborted();
  const endedMs = clock.monotonicMs();
  return {
    vectors,
    ...toPromptReport(promptTokens, { arrivedMs: exchange.arrivedMs, startedMs, endedMs }),
  };
};

import { toAppError } from '../../shared/errors/app-error.ts';
import type { Clock, Logger, Random } from '../platform/ports.ts';
import type { KeyRing } from './auth/key-ring.ts';
import type { Call, EmbeddingCall, GenerationCall, QuestionCall, RankCall } from './call.ts';
import type { Exchange } from './exchange.ts';
import type { GatewayOptions } from './gateway-ports.ts';
import type { ResponseCache } from './cache/response-cache.ts';
import type { Saturation } from './degradation/saturation.ts';
import type { ReplyHead } from './generation/format.ts';
import type { ChoiceEnd } from './generation/report.ts';
import type { AdmissionQueue, Ticket } from './limits/admission-queue.ts';
import { createComeback, type Comeback } from './limits/comeback.ts';
import type { LimitDesk } from './limits/limit-desk.ts';
import type { PromiseBook } from './limits/promise-book.ts';
import { createClientWatch } from './limits/watch-client.ts';
import type { ResponseStore } from './openai/responses/response-store.ts';
import { recordedSink } from './recording/recorded-sink.ts';
import type { RecordingDesk } from './recording/recording-desk.ts';
import { factsOf, type RouteTable, type ServedModel } from './router/route-table.ts';
import { admit, placesNeeded } from './stages/admit.ts';
import { ask } from './stages/ask.ts';
import { authorizeModel } from './stages/authorize.ts';
import { keepingSink, replay, type CachePlan } from './stages/cache.ts';
import { createCollector } from './stages/collect.ts';
import { embed } from './stages/embed.ts';
import { generate, type GenerationSink } from './stages/generate.ts';
import { parse } from './stages/parse.ts';
import { rank } from './stages/rank.ts';
import { relieve } from './stages/relieve.ts';
import { reserve, type HeldCall } from './stages/reserve.ts';
import { settleFailure, settleGeneration } from './stages/settle.ts';
import { createEventStream, type EventStream } from './stages/stream.ts';
import type { Ticker } from './ticker.ts';
import { toUsageEntry } from './usage/usage-entry.ts';

/** A call that may run, on its tickets or from the cache. */
interface Admitted<Admissible extends Call> {
  readonly call: Admissible;
  readonly tickets: readonly Ticket[];
  readonly cached: CachePlan;
  /** Where the answer goes as it is made; `undefined` where it is sent whole. */
  readonly stream: EventStream | undefined;
}

export interface CallPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly routes: RouteTable;
  readonly ticker: Ticker;
  readonly version: string;
  readonly responses: ResponseStore;
  readonly deadlineMs: number;
  readonly limits: LimitDesk;
  /** A key that was verified, as it stands now. */
  readonly again: KeyRing['again'];
  /** What refused clients were told of coming back. */
  readonly promises: PromiseBook;
  readonly saturation: Saturation;
  readonly cache: ResponseCache;
  readonly readsCache: () => boolean;
  /** Takes the row of every request that has ended, refused ones included. */
  readonly ledger: GatewayOptions['ledger'];
  /** Writes down what requests say, while the owner wants it. */
  readonly recordings: RecordingDesk | undefined;
  /** The queue in front of a model. */
  readonly queueOf: (model: ServedModel) => AdmissionQueue;
}

const toReplyHead = (exchange: Exchange, call: GenerationCall, ports: CallPorts): ReplyHead => {
  const facts = factsOf(call.model);
  return {
    id: `${call.format.idPrefix}${exchange.id.replace(/^req_/u, '')}`,
    createdSeconds: Math.floor(ports.clock.nowMs() / 1000),
    model: call.model.info.id,
    fingerprint:
      facts === undefined
        ? `dyno-${ports.version}`
        : `dyno-${ports.version}-${facts.llamaCppRelease}-${facts.backend}-${facts.slots}x${facts.contextSize}`,
  };
};

/** The stream of a call that wants one. It begins to live here: who waits for room, or in the queue, has its heartbeats. */
const openStream = (exchange: Exchange, call: Call, ports: CallPorts): EventStream | undefined =>
  call.type === 'generation' && call.isStream
    ? createEventStream(exchange, call.format.encoder(toReplyHead(exchange, call, ports)), {
        choices: call.choices.length,
        clock: ports.clock,
      })
    : undefined;

/** Has the answer made by the engine, or tells the one that is kept. */
const makeAnswer = async (
  exchange: Exchange,
  { call, tickets, cached }: Admitted<GenerationCall>,
  given: GenerationSink,
  ports: CallPorts,
): Promise<readonly ChoiceEnd[]> => {
  const { recorder } = call;
  const sink =
    recorder === undefined ? given : recordedSink(given, recorder, { clock: ports.clock, exchange });
  switch (cached.type) {
    case 'hit':
      return replay(exchange, call, cached.answer, sink);
    case 'keep': {
      const keeping = keepingSink(sink, call.choices.length);
      const ends = await generate(exchange, call, tickets, keeping.sink);
      ports.cache.put(cached.key, keeping.kept(ends));
      return ends;
    }
    case 'pass':
      return generate(exchange, call, tickets, sink);
    default:
      return cached satisfies never;
  }
};

const answerGeneration = async (
  exchange: Exchange,
  admitted: Admitted<GenerationCall>,
  ports: CallPorts,
): Promise<void> => {
  const { call, stream } = admitted;
  if (stream !== undefined) {
    const ends = await makeAnswer(exchange, admitted, stream, ports);
    stream.complete(settleGeneration(exchange, call, ends));
    return;
  }
  const head = toReplyHead(exchange, call, ports);
  const collector = createCollector(call.choices.length);
  const ends = await makeAnswer(exchange, admitted, collector, ports);
  const report = settleGeneration(exchange, call, ends);
  exchange.reply.json(200, call.format.whole(head, collector.answers(), report));
};

const answerEmbedding = async (
  exchange: Exchange,
  call: EmbeddingCall,
  tickets: readonly Ticket[],
  ports: CallPorts,
): Promise<void> => {
  const result = await embed(exchange, call, tickets[0], ports.clock);
  exchange.record.done(null, { promptTokens: result.promptTokens, outputTokens: 0 });
  exchange.reply.json(200, call.toReply(result));
};

const answerRank = async (
  exchange: Exchange,
  call: RankCall,
  tickets: readonly Ticket[],
  ports: CallPorts,
): Promise<void> => {
  const result = await rank(exchange, call, tickets[0], ports.clock);
  exchange.record.done(null, { promptTokens: result.promptTokens, outputTokens: 0 });
  exchange.reply.json(200, call.toReply(result));
};

const answerQuestion = async (
  exchange: Exchange,
  call: QuestionCall,
  { routes, limits, comeback }: Pick<CallPorts, 'routes' | 'limits'> & { readonly comeback: Comeback },
): Promise<void> => {
  const body = await ask(exchange, call, { routes, room: limits.room, comeback });
  exchange.record.done(null, {});
  exchange.reply.json(200, body);
};

/** What was adjusted is said in a header, each time. */
const tellWarnings = ({ reply }: Exchange, call: Call): void => {
  const warnings = 'warnings' in call ? (call.warnings ?? []) : [];
  if (warnings.length > 0) reply.header('x-dyno-warning', warnings.join(' '));
};

/** Each step that was taken until the reply starts, in order. */
const tellDegraded = ({ reply, record }: Exchange): void =>
  reply.headersAtStart(() => {
    const { degraded } = record.row();
    return degraded.length === 0 ? {} : { 'x-dyno-degraded': degraded.join(', ') };
  });

const admitOrTell = (
  exchange: Exchange,
  { call, release }: HeldCall,
  { queue, comeback }: { readonly queue: AdmissionQueue; readonly comeback: Comeback },
): readonly Ticket[] => {
  try {
    const tickets = admit(call, queue, { tier: exchange.principal.tier, comeback });
    if (tickets.some(({ granted }) => granted !== undefined)) exchange.record.degraded('queue');
    return tickets;
  } catch (error) {
    exchange.record.degraded('refuse');
    release();
    throw error;
  }
};

const runStages = async (
  exchange: Exchange,
  given: Call,
  ports: CallPorts & { readonly comeback: Comeback },
): Promise<void> => {
  const { comeback } = ports;
  authorizeModel(exchange.principal, given.model);
  exchange.record.queued(given.model.info.id);
  tellDegraded(exchange);
  const relief = relieve(exchange, given, { ...ports, history: ports.limits.history });
  tellWarnings(exchange, relief.call);
  const stream = openStream(exchange, relief.call, ports);
  using _heartbeat = stream && ports.ticker.add((nowMs) => stream.tick(nowMs));
  using held = await reserve(exchange, relief, { desk: ports.limits, comeback, again: ports.again });
  const { call } = held;
  using places = new DisposableStack();
  const tickets =
    relief.cached.type === 'hit'
      ? []
      : admitOrTell(exchange, held, { queue: ports.queueOf(call.model), comeback });
  for (const ticket of tickets) places.use(ticket);
  if (tickets.some(({ granted }) => granted !== undefined)) held.waits();
  switch (call.type) {
    case 'generation':
      await answerGeneration(exchange, { call, tickets, cached: relief.cached, stream }, ports);
      break;
    case 'embedding':
      await answerEmbedding(exchange, call, tickets, ports);
      break;
    case 'rank':
      await answerRank(exchange, call, tickets, ports);
      break;
    case 'question':
      await answerQuestion(exchange, call, ports);
      break;
    default:
      call satisfies never;
  }
};

/**
 * The stages behind the head, in order: parse → relieve (cache) → reserve → admit → route → generate → stream → settle.
 * Resolves when the reply has left this process or its client is gone; never rejects. Whatever happens, every ticket is
 * given back.
 */
export const answerCall = async (exchange: Exchange, body: Uint8Array, ports: CallPorts): Promise<void> => {
  using _watch = ports.ticker.add(createClientWatch(exchange, ports.deadlineMs));
  using comeback = createComeback(ports.promises, exchange, body);
  let asked: Call | undefined;
  const recorder = ports.recordings?.begin(exchange.id, body);
  if (recorder !== undefined) exchange.reply.header('x-dyno-recorded', 'true');
  try {
    const call = parse(exchange.route, body, { ...ports, keyId: exchange.principal.keyId });
    asked = call;
    await runStages(
      exchange,
      recorder !== undefined && call.type === 'generation' ? { ...call, recorder } : call,
      { ...ports, comeback },
    );
  } catch (error) {
    if (asked !== undefined) comeback.refused(toAppError(error), Math.max(1, placesNeeded(asked)));
    settleFailure(exchange, error, ports.log);
  }
  // a saturated server may have let a smaller quantization answer
  const served = asked && ports.routes.resolve(exchange.record.row().model);
  ports.ledger?.(toUsageEntry(exchange, asked, served ?? asked?.model), exchange.record.work());
  await exchange.reply.drained();
};

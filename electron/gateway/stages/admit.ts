import type { Tier } from '../../../shared/contract/limits.ts';
import { AppError, fromPayload, readErrorPayload } from '../../../shared/errors/app-error.ts';
import type { Call } from '../call.ts';
import type { AdmissionQueue, Capacity, Ticket } from '../limits/admission-queue.ts';
import type { Comeback } from '../limits/comeback.ts';
import { loadProgressOf, type ServedModel } from '../router/route-table.ts';

/** What a client is told while no replica of the model can come up by itself. */
const notServing = (model: ServedModel): AppError => {
  for (const replica of model.replicas()) {
    const state = replica.state();
    const payload = state.type === 'failed' ? readErrorPayload(state.error) : undefined;
    if (payload !== undefined) return fromPayload(payload);
  }
  return new AppError('engine.not-ready', `No engine serves ${model.info.id} now.`, {
    hint: 'Start the server again.',
    // nothing comes up by itself: asking again would not help
    details: { progress: loadProgressOf(model), shouldRetry: false },
  });
};

/**
 * Slots of all ready replicas. While one loads or restarts there are none, but requests may wait for it: a crash costs
 * the requests in flight, not those behind them.
 */
export const capacityOf = (model: ServedModel): Capacity => {
  let slots = 0;
  let isComing = false;
  for (const replica of model.replicas()) {
    const state = replica.state();
    if (state.type === 'ready') slots += state.facts.slots;
    isComing ||= state.type === 'loading' || state.type === 'restarting';
  }
  return slots > 0 || isComing ? { type: 'open', slots } : { type: 'refused', error: notServing(model) };
};

/** One for every choice; none for a question, which needs no slot. */
export const placesNeeded = (call: Call): number => {
  if (call.type === 'question') return 0;
  return call.type === 'generation' ? call.choices.length : 1;
};

/**
 * Seventh stage: a place in the queue for every choice of the call, all or none, to be given back by its disposal.
 * @throws AppError `gateway.queue-full`, `gateway.rate-limited`, `engine.not-ready` and the error a replica failed with
 */
export const admit = (
  call: Call,
  queue: AdmissionQueue,
  { tier, comeback }: { readonly tier: Tier; readonly comeback: Pick<Comeback, 'refusedAtMs'> },
): readonly Ticket[] => {
  const places = placesNeeded(call);
  return places === 0 ? [] : queue.enter(places, tier, comeback.refusedAtMs);
};

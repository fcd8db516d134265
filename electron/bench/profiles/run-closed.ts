import type { ClosedPacing } from './pacing.ts';
import type { LoadWorld, PlannedRequest } from './profile.ts';

/** After so many failures in a row a user gives up, so that a dead server is not asked thousands of times a second. */
const patience = 3;

/** A stream's requests one after the other, and from the first again where the pacing says so, with new indices. */
const requestsOf = function* <Request extends PlannedRequest>(
  own: readonly Request[],
  repeats: boolean,
  indexStep: number,
): Generator<Request, void, void> {
  yield* own;
  for (let round = 1; repeats && own.length > 0; round += 1) {
    for (const request of own) yield { ...request, index: request.index + round * indexStep };
  }
};

/**
 * Every stream sends its next request the moment the answer to its last one is complete, or after its think time. A turn
 * of a conversation that failed ends that conversation: its later turns are not sent, since they have nothing to go on.
 */
export const runClosed = async <Request extends PlannedRequest>(
  requests: readonly Request[],
  { atLeast, minimumMs, repeats }: ClosedPacing,
  { clock, signal, send, drop }: LoadWorld<Request>,
): Promise<void> => {
  const startMs = clock.monotonicMs();
  const runStream = async (own: readonly Request[]): Promise<void> => {
    let sent = 0;
    let failures = 0;
    let isConversationLost = false;
    for (const request of requestsOf(own, repeats, requests.length)) {
      if (signal.aborted || failures >= patience) return;
      if (sent >= atLeast && clock.monotonicMs() - startMs >= minimumMs) return;
      if (isConversationLost && (request.turn ?? 0) > 0) {
        drop(request, clock.monotonicMs());
        continue;
      }
      if (request.thinkMs !== undefined && request.thinkMs > 0) {
        const isAwake = await clock.sleep(request.thinkMs, signal).then(
          () => true,
          () => false, // aborted
        );
        if (!isAwake) return;
      }
      sent += 1;
      const isAnswered = await send(request, clock.monotonicMs());
      failures = isAnswered ? 0 : failures + 1;
      isConversationLost = !isAnswered;
    }
  };
  await Promise.all([...Map.groupBy(requests, (request) => request.stream).values()].map(runStream));
};

import type { OpenPacing } from './pacing.ts';
import type { LoadWorld, PlannedRequest } from './profile.ts';

/**
 * Sends every request at its offset, whatever the server does. A request whose time comes while `maxInFlight` are open
 * is dropped and noted; one that goes out late keeps its intended time, so that its latency tells.
 */
export const runOpen = async <Request extends PlannedRequest>(
  requests: readonly Request[],
  { maxInFlight }: OpenPacing,
  { clock, signal, send, drop }: LoadWorld<Request>,
): Promise<void> => {
  const startMs = clock.monotonicMs();
  const open = new Set<Promise<boolean>>();
  for (const request of requests.toSorted((a, b) => (a.offsetMs ?? 0) - (b.offsetMs ?? 0))) {
    const intendedAtMs = startMs + (request.offsetMs ?? 0);
    for (let leftMs = intendedAtMs - clock.monotonicMs(); leftMs > 0 && !signal.aborted;) {
      await clock.sleep(leftMs, signal).catch(() => undefined); // an abort ends the loop
      leftMs = intendedAtMs - clock.monotonicMs(); // timers may fire early
    }
    if (signal.aborted) break;
    if (open.size >= maxInFlight) {
      drop(request, intendedAtMs);
      continue;
    }
    const answer = send(request, intendedAtMs);
    open.add(answer);
    void answer.then(() => open.delete(answer));
  }
  await Promise.all(open);
};

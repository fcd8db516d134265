import type { Pacing } from './pacing.ts';
import type { LoadWorld, PlannedRequest } from './profile.ts';
import { runClosed } from './run-closed.ts';
import { runOpen } from './run-open.ts';

/** Sends a stage's requests in its manner; resolves when the last answer is complete, or early on abort. */
export const runStage = <Request extends PlannedRequest>(
  requests: readonly Request[],
  pacing: Pacing,
  world: LoadWorld<Request>,
): Promise<void> => {
  switch (pacing.type) {
    case 'closed':
      return runClosed(requests, pacing, world);
    case 'open':
      return runOpen(requests, pacing, world);
    default:
      return pacing satisfies never;
  }
};

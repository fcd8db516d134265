import type { ServerRequest } from '../../shared/contract/server.ts';
import type { Clock, Logger } from '../platform/ports.ts';

/** How often the live table is told: a busy server changes a thousand requests a second, a person reads ten. */
const flushEveryMs = 100;

export interface RequestFeed extends Disposable {
  readonly push: (request: ServerRequest) => void;
}

/** Gathers changes of requests and tells the newest state of each, so that storing events never slows the server. */
export const createRequestFeed = (
  { clock, log }: { readonly clock: Pick<Clock, 'every'>; readonly log: Pick<Logger, 'warn'> },
  tell: (requests: readonly ServerRequest[]) => void,
): RequestFeed => {
  const changed = new Map<string, ServerRequest>();
  const flush = (): void => {
    if (changed.size === 0) return;
    const requests = [...changed.values()];
    changed.clear();
    try {
      tell(requests);
    } catch (error) {
      log.warn('the live table of requests was not told', { error }); // a full disk, say: serving goes on
    }
  };
  const timer = clock.every(flushEveryMs, flush);
  return {
    push: (request) => changed.set(request.id, request),
    [Symbol.dispose]: () => {
      timer[Symbol.dispose]();
      flush();
    },
  };
};

import type { AppError } from '../../../shared/errors/app-error.ts';
import type { Clock } from '../../platform/ports.ts';
import { createClaimLine, type Claim, type ClaimLine } from './claim-line.ts';

/**
 * Where those wait who came back as told and find no room under the limits all the same: each for the buckets that block
 * it, and no other.
 */
export interface WaitingRoom extends Disposable {
  readonly line: Pick<ClaimLine, 'claims' | 'owedBefore'>;
  /**
   * Calls `attempt` at once and whenever there may be room, until it gives a result.
   * @throws what `attempt` throws, the reason of `signal` when it aborts first, and what the room is closed with
   */
  wait<Result extends object>(
    owner: string,
    attempt: (claim: Claim) => Result | undefined,
    signal: AbortSignal,
  ): Promise<Result>;
  /** There may be room: some was given back. */
  look(): void;
  /** Refuses all who wait and everyone who comes. */
  close(error: AppError): void;
}

/** Rates refill without a word; so often they are looked at while somebody waits. */
const LOOK_EVERY_MS = 250;

export const createWaitingRoom = (clock: Pick<Clock, 'every'>): WaitingRoom => {
  const line = createClaimLine();
  /** Each tells whether it is done. */
  const attempts = new Map<Claim, () => boolean>();
  const closed = new AbortController();
  let timer: Disposable | undefined;

  const look = (): void => {
    if (attempts.size === 0) return;
    const blocked = new Set<string>();
    for (const claim of line.claims()) {
      // who stands behind another at the same bucket has no room before it
      if (claim.bucket !== undefined && blocked.has(claim.bucket)) continue;
      const isDone = attempts.get(claim)?.() ?? true;
      if (!isDone && claim.bucket !== undefined) blocked.add(claim.bucket);
    }
  };
  const stop = (): void => {
    timer?.[Symbol.dispose]();
    timer = undefined;
  };

  return {
    line,
    look,
    wait: <Result extends object>(
      owner: string,
      attempt: (claim: Claim) => Result | undefined,
      given: AbortSignal,
    ) => {
      const signal = AbortSignal.any([given, closed.signal]);
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      const claim = line.join(owner);
      const leave = (go: (claim: Claim) => void): void => {
        go(claim);
        attempts.delete(claim);
        signal.removeEventListener('abort', onAbort);
        if (attempts.size === 0) stop();
      };
      const onAbort = (): void => {
        leave(line.leave);
        reject(signal.reason);
        look();
      };
      const isDone = (): boolean => {
        claim.bucket = undefined;
        try {
          const result = attempt(claim);
          if (result === undefined) return false;
          resolve(result);
        } catch (error) {
          reject(error);
        }
        leave(line.serve);
        return true;
      };
      attempts.set(claim, isDone);
      signal.addEventListener('abort', onAbort, { once: true });
      if (!isDone()) timer ??= clock.every(LOOK_EVERY_MS, look);
      return promise;
    },
    close: (error) => closed.abort(error),
    [Symbol.dispose]: stop,
  };
};

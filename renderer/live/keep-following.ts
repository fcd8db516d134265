import type { Connection } from '../transport/connection.ts';

/** Calls `act` after `ms`. */
export type After = (ms: number, act: () => void) => void;

/** A stream that ends while the connection stands is asked for again after this. */
const AGAIN_MS = 2_000;

/**
 * Follows a stream of the host for as long as the page lives: once per connection, and again when it ends by itself.
 * @param follow resolves or rejects when the stream is over; its signal aborts when a newer connection takes over
 */
export const keepFollowing = (
  connection: Connection,
  after: After,
  follow: (signal: AbortSignal, epoch: number) => Promise<void>,
): void => {
  let following: AbortController | undefined;
  let followedEpoch = 0;

  const begin = (epoch: number): void => {
    following?.abort();
    const current = new AbortController();
    following = current;
    const again = (): void => {
      current.abort();
      after(AGAIN_MS, () => {
        const state = connection.state();
        if (following === current && state.type === 'open' && state.epoch === epoch) begin(epoch);
      });
    };
    // Either way the stream is over; a lost connection is announced by the connection itself.
    follow(current.signal, epoch).then(again, again);
  };

  const look = (): void => {
    const state = connection.state();
    if (state.type !== 'open' || state.epoch === followedEpoch) return;
    followedEpoch = state.epoch;
    begin(state.epoch);
  };
  connection.onChange(look);
  look();
};

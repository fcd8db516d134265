import type { LoadSpec } from './engine.ts';

/** A load that is under way in another host of this machine. */
export interface ForeignLoad extends Pick<LoadSpec, 'path' | 'settings'> {
  readonly id: string;
  /** Of the weights, 0..1. */
  readonly fraction: number;
}

/** A load of this host that the others see, until disposed. */
export interface PostedLoad extends Disposable {
  progressed(fraction: number): void;
  /** Loads of other hosts that were posted before this one: those it has to leave room for. */
  earlier(): readonly ForeignLoad[];
}

/** Loads under way on this machine, whichever host began them: each host has engines, the memory is one. */
export interface SharedLoads {
  /** Puts a load behind all that were posted; two at the same instant get different places. */
  post(load: Pick<LoadSpec, 'path' | 'settings'>): PostedLoad;
  /** Those of the other hosts. */
  others(): readonly ForeignLoad[];
  /** Resolves after a moment in which another host's load may have ended. */
  pause(signal: AbortSignal): Promise<void>;
}

/** A host that has the machine to itself. */
export const noSharedLoads: SharedLoads = {
  post: () => ({ progressed: () => undefined, earlier: () => [], [Symbol.dispose]: () => undefined }),
  others: () => [],
  pause: () => Promise.resolve(),
};

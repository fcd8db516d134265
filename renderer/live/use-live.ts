import { useSyncExternalStore } from 'react';
import { useServices } from '../services-context.ts';
import type { LiveState } from './live-state.ts';

/** One part of the host's state; renders again only when that part changes, not with every event. */
export const useLive = <K extends keyof LiveState>(part: K): LiveState[K] => {
  const { store } = useServices().live;
  return useSyncExternalStore(store.subscribe, () => store.get()[part]);
};

import { useEffect, useState } from 'react';
import type { BenchRun } from '../../../../shared/contract/bench.ts';
import { progressOf, reduceRun, type RunProgress } from '../../../../shared/events/reduce-run.ts';
import { createStore } from '../../../live/store.ts';
import { useStore } from '../../../live/use-store.ts';
import { useServices } from '../../../services-context.ts';

/** Folds the run's events onto what was stored of it. */
export const useRunProgress = (run: BenchRun): RunProgress => {
  const { live } = useServices();
  const [store] = useState(() => createStore(progressOf(run)));
  useEffect(() => live.onEvent((event) => store.set(reduceRun(store.get(), event))), [live, store]);
  return useStore(store);
};

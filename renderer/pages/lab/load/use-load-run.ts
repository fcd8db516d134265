import { useEffect, useState } from 'react';
import type { LoadRun } from '../../../../shared/contract/load.ts';
import type { AppEvent } from '../../../../shared/events/events.ts';
import { loadProgressOf, reduceLoad, type LoadProgress } from '../../../../shared/events/reduce-load.ts';
import type { TimeChartSpec } from '../../../charts/time-spec.ts';
import { createStore } from '../../../live/store.ts';
import { useStore } from '../../../live/use-store.ts';
import { useWatchers } from '../../../live/use-watchers.ts';
import { useServices } from '../../../services-context.ts';
import { toProblem } from '../../../transport/problem.ts';
import { createLoadLines, loadChartSpec } from './load-lines.ts';

interface LoadRunView {
  readonly progress: LoadProgress;
  readonly spec: TimeChartSpec;
  readonly subscribe: (act: () => void) => () => void;
}

/** A load run with its chart: what there is of it so far, then every tick as it comes. */
export const useLoadRun = (run: LoadRun): LoadRunView => {
  const { client, live, notices } = useServices();
  const { announce, subscribe } = useWatchers();
  const [{ store, lines, spec }] = useState(() => {
    const made = createLoadLines();
    return {
      store: createStore(loadProgressOf(run)),
      lines: made,
      spec: loadChartSpec(made),
    };
  });
  const progress = useStore(store);
  useEffect(() => lines.nameStages(progress.stages), [lines, progress.stages]);

  useEffect(() => {
    const ending = new AbortController();
    // What is live waits until the past is in: a line grows at its end only.
    let waiting: AppEvent[] | null = [];
    let lastSeq = -Infinity;
    const take = (event: AppEvent): void => {
      if (event.seq <= lastSeq) return;
      store.set(reduceLoad(store.get(), event));
      if (event.body.type === 'load.ticked' && event.body.loadId === run.id) lines.add(event.body.tick);
    };
    const begin = (): void => {
      const held = waiting ?? [];
      waiting = null;
      for (const event of held) take(event);
      announce();
    };
    client.load.soFar({ loadId: run.id }, { signal: ending.signal }).then(
      (past) => {
        lastSeq = past.seq;
        store.set(loadProgressOf(past.run));
        lines.nameStages(past.run.stages);
        for (const tick of past.ticks) lines.add(tick);
        begin();
      },
      (error: unknown) => {
        if (ending.signal.aborted) return;
        notices.problem(toProblem(error)); // without the past the page begins now
        begin();
      },
    );
    const stopEvents = live.onEvent((event) => {
      if (waiting === null) take(event);
      else waiting.push(event);
      announce();
    });
    return () => {
      ending.abort();
      stopEvents();
    };
  }, [client, live, notices, store, lines, announce, run.id]);

  return { progress, spec, subscribe };
};

import { useEffect, useState } from 'react';
import type { BenchRun } from '../../../../shared/contract/bench.ts';
import type { RunSoFar } from '../../../../shared/contract/bench-live.ts';
import type { TelemetrySample } from '../../../../shared/contract/hardware.ts';
import type { AppEvent } from '../../../../shared/events/events.ts';
import { progressOf, reduceRun, type RunProgress } from '../../../../shared/events/reduce-run.ts';
import type { TimeChartSpec } from '../../../charts/time-spec.ts';
import { createStore } from '../../../live/store.ts';
import { useStore } from '../../../live/use-store.ts';
import { useWatchers } from '../../../live/use-watchers.ts';
import { useServices } from '../../../services-context.ts';
import { toProblem } from '../../../transport/problem.ts';
import { runChartSpec } from './run-chart-spec.ts';
import { bandsOf, createRunLines } from './run-lines.ts';

const availableReadings = (sample: TelemetrySample | null) => {
  const [gpu] = sample?.gpus ?? [];
  return {
    power: (gpu?.powerWatts ?? sample?.cpu.packagePowerWatts ?? null) !== null,
    temperature: (gpu?.temperatureC ?? sample?.cpu.temperatureC ?? null) !== null,
    clock: (gpu?.coreClockMhz ?? sample?.cpu.clockMhz ?? null) !== null,
  };
};

interface LiveRunView {
  readonly progress: RunProgress;
  readonly spec: TimeChartSpec;
  readonly subscribe: (act: () => void) => () => void;
}

/**
 * A running benchmark with its chart: what there is of it so far, then every event and reading as it comes. A page
 * that is opened late, or again, shows what one shows that was there from the beginning.
 */
export const useLiveRun = (run: BenchRun): LiveRunView => {
  const { client, live, notices, telemetry } = useServices();
  const { announce, subscribe } = useWatchers();
  const [{ store, lines, spec }] = useState(() => {
    const made = createRunLines(run.createdAtMs);
    return {
      store: createStore(progressOf(run, [])),
      lines: made,
      spec: runChartSpec({
        lines: made,
        has: availableReadings(telemetry.latest.get()),
        hasGpu: run.machine.gpus.length > 0,
      }),
    };
  });
  const progress = useStore(store);

  useEffect(() => lines.setBands(bandsOf(run, progress.cells)), [lines, run, progress.cells]);
  useEffect(() => lines.setProgress(progress), [lines, progress]);

  useEffect(() => {
    const ending = new AbortController();
    // What is live waits until the past is in: a line grows at its end only.
    let waiting: (() => void)[] | null = [];
    let lastSeq = -Infinity;
    const take = (add: () => void): void => {
      if (waiting === null) add();
      else waiting.push(add);
      announce();
    };
    const takeEvent = (event: AppEvent): void => {
      if (event.seq <= lastSeq) return;
      const { body } = event;
      store.set(reduceRun(store.get(), event));
      if (body.type === 'bench.ticked' && body.runId === run.id) lines.addTick(body.tick);
      if (body.type === 'bench.repetition-measured' && body.runId === run.id) {
        lines.addRepetition(body.repetition);
      }
    };
    const begin = (past: RunSoFar | undefined): void => {
      if (past !== undefined) {
        lastSeq = past.seq;
        store.set(progressOf(past.run, past.repetitions));
        lines.addAll(past.timeline, past.repetitions);
      }
      const held = waiting ?? [];
      waiting = null;
      for (const add of held) add();
      announce();
    };
    client.bench.soFar({ runId: run.id }, { signal: ending.signal }).then(begin, (error: unknown) => {
      if (ending.signal.aborted) return;
      // Without the past the page begins now; the run itself is not harmed.
      notices.problem(toProblem(error));
      begin(undefined);
    });
    const stopEvents = live.onEvent((event) => take(() => takeEvent(event)));
    const stopTelemetry = telemetry.onSample((sample) => take(() => lines.addTelemetry(sample)));
    return () => {
      ending.abort();
      stopEvents();
      stopTelemetry();
    };
  }, [client, live, notices, telemetry, store, lines, announce, run.id]);

  return { progress, spec, subscribe };
};

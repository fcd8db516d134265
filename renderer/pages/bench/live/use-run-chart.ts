import { useCallback, useEffect, useState } from 'react';
import type { BenchRun, Cell, TimelinePoint } from '../../../../shared/contract/bench.ts';
import type { TelemetrySample } from '../../../../shared/contract/hardware.ts';
import type { TimeChartSpec } from '../../../charts/time-spec.ts';
import { toProblem } from '../../../transport/problem.ts';
import { useServices } from '../../../services-context.ts';
import { bandsOf, createRunLines } from './run-lines.ts';
import { runChartSpec } from './run-chart-spec.ts';

const availableReadings = (sample: TelemetrySample | null) => {
  const [gpu] = sample?.gpus ?? [];
  return {
    power: (gpu?.powerWatts ?? sample?.cpu.packagePowerWatts ?? null) !== null,
    temperature: (gpu?.temperatureC ?? sample?.cpu.temperatureC ?? null) !== null,
    clock: (gpu?.coreClockMhz ?? sample?.cpu.clockMhz ?? null) !== null,
  };
};

interface RunChart {
  readonly spec: TimeChartSpec;
  readonly subscribe: (act: () => void) => () => void;
}

/** The chart of a running benchmark: what was stored of it so far, then every tick and reading as it comes. */
export const useRunChart = (run: BenchRun, cells: readonly Cell[]): RunChart => {
  const { client, live, notices, telemetry } = useServices();
  const [{ lines, spec, watchers }] = useState(() => {
    const made = createRunLines(run.createdAtMs);
    return {
      lines: made,
      watchers: new Set<() => void>(),
      spec: runChartSpec({
        lines: made,
        isLive: true,
        has: availableReadings(telemetry.latest.get()),
        hasGpu: run.machine.gpus.length > 0,
      }),
    };
  });

  useEffect(() => lines.setBands(bandsOf(run, cells)), [lines, run, cells]);

  useEffect(() => {
    const announce = (): void => {
      for (const watcher of [...watchers]) watcher();
    };
    const ending = new AbortController();
    // Live points wait until the stored ones are in, for a line grows at its end only.
    let waiting: (() => void)[] | null = [];
    const take = (add: () => void): void => {
      if (waiting === null) add();
      else waiting.push(add);
      announce();
    };
    const begin = (points: readonly TimelinePoint[]): void => {
      lines.addAll(points);
      const held = waiting ?? [];
      waiting = null;
      for (const add of held) add();
      announce();
    };
    client.bench.timeline({ runId: run.id }, { signal: ending.signal }).then(begin, (error: unknown) => {
      if (ending.signal.aborted) return;
      // Without the past the chart begins now; the run itself is not harmed.
      notices.problem(toProblem(error));
      begin([]);
    });
    const stopEvents = live.onEvent(({ atMs, body }) => {
      if (body.type === 'bench.ticked' && body.runId === run.id) take(() => lines.addTick(body.tick));
      if (body.type === 'bench.repetition-measured' && body.runId === run.id)
        take(() => lines.addRepetition(body.repetition, atMs));
    });
    const stopTelemetry = telemetry.onSample((sample) => take(() => lines.addTelemetry(sample)));
    return () => {
      ending.abort();
      stopEvents();
      stopTelemetry();
    };
  }, [client, live, notices, telemetry, lines, watchers, run.id]);

  const subscribe = useCallback(
    (act: () => void) => {
      watchers.add(act);
      return () => {
        watchers.delete(act);
      };
    },
    [watchers],
  );
  return { spec, subscribe };
};

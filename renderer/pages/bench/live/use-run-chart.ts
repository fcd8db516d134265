import { useCallback, useEffect, useState } from 'react';
import type { BenchRun, Cell } from '../../../../shared/contract/bench.ts';
import type { TelemetrySample } from '../../../../shared/contract/hardware.ts';
import type { TimeChartSpec } from '../../../charts/time-spec.ts';
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
    client.bench.timeline({ runId: run.id }, { signal: ending.signal }).then(
      (points) => {
        lines.addAll(points);
        announce();
      },
      (error: unknown) => {
        // Without the past the chart begins now; the run itself is not harmed.
        if (!ending.signal.aborted) notices.done(`The chart begins now: ${String(error)}`);
      },
    );
    const stopEvents = live.onEvent(({ body }) => {
      if (body.type !== 'bench.ticked' || body.runId !== run.id) return;
      lines.addTick(body.tick);
      announce();
    });
    const stopTelemetry = telemetry.onSample((sample) => {
      lines.addTelemetry(sample);
      announce();
    });
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

import { useMemo } from 'react';
import type { BenchRun } from '../../../../shared/contract/bench.ts';
import type { RunSoFar } from '../../../../shared/contract/bench-live.ts';
import { progressOf } from '../../../../shared/events/reduce-run.ts';
import { TimeFigure } from '../../../charts/time-figure.tsx';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { bandsOf, createRunLines } from '../live/run-lines.ts';
import { runChartSpec } from '../live/run-chart-spec.ts';

const hasValue = (points: readonly { readonly y: number | null }[]): boolean =>
  points.some((point) => point.y !== null);

const StoredChart = ({
  run,
  past: { timeline, repetitions },
}: {
  readonly run: BenchRun;
  readonly past: Pick<RunSoFar, 'timeline' | 'repetitions'>;
}) => {
  const spec = useMemo(() => {
    const lines = createRunLines(run.createdAtMs);
    lines.addAll(timeline, repetitions);
    lines.setBands(bandsOf(run, run.cells));
    lines.setProgress(progressOf(run, repetitions));
    return runChartSpec({
      lines,
      has: {
        power: hasValue(lines.power.points),
        temperature: hasValue(lines.temperature.points),
        clock: hasValue(lines.clock.points),
      },
      hasGpu: run.machine.gpus.length > 0,
    });
  }, [run, timeline, repetitions]);
  return (
    <TimeFigure
      caption="What moved during the run, over the time since it began. Names above are the measurements; tints are their phases."
      spec={spec}
    />
  );
};

/** The whole run on its time axis. */
export const RunTimeline = ({ run }: { readonly run: BenchRun }) => {
  const { queries } = useServices();
  const past = useQuery(queries.runSoFar(run.id));
  return (
    <Panel title="Timeline">
      <QueryView query={past} what="the timeline">
        {(found) =>
          found.timeline.length === 0 ? (
            <EmptyState text="No timeline was stored with this run." />
          ) : (
            <StoredChart run={run} past={found} />
          )
        }
      </QueryView>
    </Panel>
  );
};

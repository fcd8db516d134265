import { useMemo } from 'react';
import type { BenchRun, TimelinePoint } from '../../../../shared/contract/bench.ts';
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
  points,
}: {
  readonly run: BenchRun;
  readonly points: readonly TimelinePoint[];
}) => {
  const spec = useMemo(() => {
    const lines = createRunLines(run.createdAtMs);
    lines.addAll(points, []);
    lines.setBands(bandsOf(run, run.cells));
    return runChartSpec({
      lines,
      isLive: false,
      has: {
        power: hasValue(lines.power.points),
        temperature: hasValue(lines.temperature.points),
        clock: hasValue(lines.clock.points),
      },
      hasGpu: run.machine.gpus.length > 0,
    });
  }, [run, points]);
  return (
    <TimeFigure
      caption="What moved during the run, over the time since it began. Bands are the measurements."
      spec={spec}
    />
  );
};

/** The whole run on its time axis. */
export const RunTimeline = ({ run }: { readonly run: BenchRun }) => {
  const { queries } = useServices();
  const timeline = useQuery(queries.timeline(run.id));
  return (
    <Panel title="Timeline">
      <QueryView query={timeline} what="the timeline">
        {(points) =>
          points.length === 0 ? (
            <EmptyState text="No timeline was stored with this run." />
          ) : (
            <StoredChart run={run} points={points} />
          )
        }
      </QueryView>
    </Panel>
  );
};

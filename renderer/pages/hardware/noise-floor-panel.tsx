import { Button } from '@mantine/core';
import type { NoiseFloor } from '../../../shared/contract/noise-floor.ts';
import { hasRunEnded } from '../../../shared/events/reduce-run.ts';
import { formatAgo, formatEta, formatFigure } from '../../../shared/units/format.ts';
import { metricTitle } from '../../../shared/units/verdict-text.ts';
import { useAction } from '../../live/use-action.ts';
import { useActiveJob } from '../../live/use-active-job.ts';
import { useNow } from '../../live/use-now.ts';
import { useQuery } from '../../live/use-query.ts';
import { formatRoute } from '../../router/route.ts';
import { useServices } from '../../services-context.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { KeyValues } from '../../ui/key-values.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import classes from './noise-floor-panel.module.css';

const Floor = ({ floor }: { readonly floor: NoiseFloor }) => {
  const nowMs = useNow(60_000);
  return (
    <>
      <KeyValues
        items={[
          ...floor.floors.map(
            (entry) =>
              [`${metricTitle(entry)}, ${entry.test}`, `${formatFigure(entry.share * 100)} %`] as const,
          ),
          ['Measured', formatAgo(floor.measuredAtMs, nowMs)],
          ['With', `${floor.modelId}: ${floor.arms} equal arms, ${floor.n} repetitions each`],
          [
            'Holds for',
            `${floor.machine.backend}, Dyno ${floor.machine.dynoVersion}, llama.cpp ${floor.machine.llamaCppRelease}`,
          ],
        ]}
      />
      <p className={classes.note}>
        Equal arms came out this far apart, so a comparison on this machine claims no smaller difference.{' '}
        <a href={formatRoute({ page: 'run', runId: floor.runId, view: 'measurements' })}>Its measurements</a>
      </p>
    </>
  );
};

/** How far apart equal arms come out on this machine: the stored value, and the run that measures it anew. */
export const NoiseFloorPanel = () => {
  const { client, queries } = useServices();
  const floors = useQuery(queries.noiseFloor());
  const runs = useQuery(queries.runs()).data ?? [];
  const bench = useActiveJob('bench');
  // the run is found again by whoever comes back to this page; one benchmark runs at a time, so the job is its
  const job = runs.some((run) => run.isCalibration && !hasRunEnded(run)) ? bench.job : undefined;
  const calibrate = useAction(async () => {
    await client.bench.calibrate({});
  });
  const button =
    job === undefined ? (
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => calibrate.run()}
        loading={calibrate.isRunning}
      >
        Calibrate
      </Button>
    ) : (
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => bench.cancel.run()}
        loading={bench.cancel.isRunning}
      >
        Cancel
      </Button>
    );
  return (
    <Panel title="Noise floor" actions={button}>
      {job?.state.type === 'running' ? (
        <div className={classes.progress} role="status">
          <ProgressBar label="Calibration" fraction={job.state.fraction} />
          <span className="muted">
            {job.state.note} · {formatEta(job.state.etaMs)}
          </span>
        </div>
      ) : null}
      <QueryView query={floors} what="the noise floor">
        {({ current, missing }) =>
          current === null ? <EmptyState text={missing ?? ''} /> : <Floor floor={current} />
        }
      </QueryView>
    </Panel>
  );
};

import { Button } from '@mantine/core';
import type { Comparison, RunSummary } from '../../../shared/contract/bench.ts';
import { isPicked } from '../../../shared/contract/bench-pick.ts';
import { formatAgo } from '../../../shared/units/format.ts';
import { useModelActions } from '../../actions/use-model-actions.ts';
import { useQuery } from '../../live/use-query.ts';
import { formatRoute } from '../../router/route.ts';
import { useServices } from '../../services-context.ts';
import { EstimateText } from '../../ui/estimate-text.tsx';
import { MetricName } from '../../ui/metric-name.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { TrustBadge } from '../../ui/trust-badge.tsx';
import classes from './last-result.module.css';
import { useNow } from '../../live/use-now.ts';

const SpeedBars = ({ comparison }: { readonly comparison: Comparison }) => {
  const fastest = Math.max(...comparison.rows.map((row) => row.decodeTps?.median ?? 0), 1e-9);
  return (
    <div className={classes.bars} role="list" aria-label="Decode speed by type">
      {comparison.rows.map((row) => (
        <div key={row.modelId} className={classes.row} role="listitem">
          <span className="mono">{row.quantization}</span>
          <span className={classes.track}>
            <span
              className={classes.bar}
              data-pick={isPicked(row, comparison.pick)}
              style={{ width: `${((row.decodeTps?.median ?? 0) / fastest) * 100}%` }}
            />
          </span>
          <span className={classes.value}>
            <EstimateText estimate={row.decodeTps} />
          </span>
        </div>
      ))}
    </div>
  );
};

/** The newest finished comparison in one glance: the sentence, the bars, the way on. */
export const LastResult = ({ run }: { readonly run: RunSummary }) => {
  const { queries } = useServices();
  const nowMs = useNow(60_000);
  const comparison = useQuery(queries.comparison([run.id], null));
  const { serve } = useModelActions();
  const pick = comparison.data?.pick ?? null;
  return (
    <Panel
      title={`Last result: ${run.name}`}
      actions={
        <>
          <span className="muted">{formatAgo(run.createdAtMs, nowMs)}</span>
          <TrustBadge trust={run.trust} />
        </>
      }
    >
      <QueryView query={comparison} what="the last result">
        {(data) => (
          <div className={classes.result}>
            <div>
              <p className={classes.sentence}>{data.pick?.sentence ?? 'No file stands out.'}</p>
              <div className={classes.buttons}>
                {pick === null ? null : (
                  <Button variant="default" onClick={() => serve.run(pick.modelId)} loading={serve.isRunning}>
                    Serve this one
                  </Button>
                )}
                <Button
                  component="a"
                  variant="default"
                  href={formatRoute({ page: 'run', runId: run.id, view: 'comparison' })}
                >
                  Open the comparison
                </Button>
              </div>
            </div>
            <div>
              <p className={classes.barsTitle}>
                <MetricName metric="decodeTps" withUnit />
              </p>
              <SpeedBars comparison={data} />
            </div>
          </div>
        )}
      </QueryView>
    </Panel>
  );
};

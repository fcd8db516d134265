import type { BenchRun } from '../../../shared/contract/bench.ts';
import { hasRunEnded } from '../../../shared/events/reduce-run.ts';
import { useQuery } from '../../live/use-query.ts';
import type { RunView } from '../../router/route.ts';
import { useServices } from '../../services-context.ts';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { LiveRun } from './live/live-run.tsx';
import { RunResult } from './result/run-result.tsx';

interface RunPageProps {
  readonly runId: string;
  readonly view: RunView;
}

/** A run: live while it is measured, then its result; the page changes over by itself. */
export const RunPage = ({ runId, view }: RunPageProps) => {
  const { queries } = useServices();
  const run = useQuery(queries.run(runId));
  const show = (data: BenchRun) =>
    hasRunEnded(data) ? <RunResult run={data} view={view} /> : <LiveRun run={data} />;
  if (run.type === 'ready') return show(run.data);
  return (
    <Page title="Run">
      <QueryView query={run} what="the run">
        {show}
      </QueryView>
    </Page>
  );
};

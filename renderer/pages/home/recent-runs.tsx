import type { RunSummary } from '../../../shared/contract/bench.ts';
import { useNow } from '../../live/use-now.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { runColumns } from '../bench/run-columns.tsx';

/** The newest runs, as on Bench. */
export const RecentRuns = ({ runs }: { readonly runs: readonly RunSummary[] }) => {
  const nowMs = useNow(60_000);
  return <DataTable label="Recent runs" columns={runColumns(nowMs)} rows={runs} rowKey={(run) => run.id} />;
};

import { Button, SegmentedControl } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { formatCount, formatCounted } from '../../../../shared/units/format.ts';
import { usageCsv } from '../../../../shared/units/usage-csv.ts';
import { useAction } from '../../../live/use-action.ts';
import { useNow } from '../../../live/use-now.ts';
import { usePoll } from '../../../live/use-poll.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { Stat } from '../../../ui/stat.tsx';
import { saveFile } from '../../bench/report/save-file.ts';
import { ServerFrame } from '../server-frame.tsx';
import { CostCell } from './cost-cell.tsx';
import { UsageChart } from './usage-chart.tsx';
import { costSeries, costTotals } from './usage-cost.ts';
import { beginningOf, fillSteps, totalOf, usageSpans, usageRefreshMs } from './usage-span.ts';
import { UsageTable } from './usage-table.tsx';
import classes from './usage-tab.module.css';

/** What the server's keys used, over time and by whom. */
export const UsageTab = () => {
  const { client, notices, queries } = useServices();
  const [spanId, setSpanId] = useState('day');
  const span = usageSpans.find(({ id }) => id === spanId) ?? usageSpans[0];
  const nowMs = useNow(usageRefreshMs);
  const fromMs = span === undefined ? 0 : beginningOf(span, nowMs);
  const sums = useQuery(queries.usage(span?.by ?? 'hour', fromMs));
  usePoll(sums.poll, usageRefreshMs);
  const steps = useMemo(
    () => (span === undefined ? [] : fillSteps(span, fromMs, sums.data ?? [])),
    [span, fromMs, sums.data],
  );
  const save = useAction(async () => {
    const rows = await client.usage.rows({ fromMs, limit: 1_000_000 });
    const fileName = `dyno-usage-${new Date(fromMs).toISOString().slice(0, 10)}.csv`;
    saveFile({ fileName, mimeType: 'text/csv', encoding: 'utf8', text: usageCsv(rows) });
    notices.done(`${fileName} with ${formatCounted(rows.length, 'request')} is in your downloads.`);
  });
  const costs = useMemo(() => costSeries(steps, sums.data ?? []), [steps, sums.data]);
  const total = totalOf(steps);
  return (
    <ServerFrame
      tab="usage"
      lead="What the server's keys used, from the ledger. Prompts and answers are not in it."
      actions={
        <Button
          variant="default"
          leftSection={<IconDownload size={15} aria-hidden />}
          onClick={() => save.run()}
          loading={save.isRunning}
        >
          Save as CSV
        </Button>
      }
    >
      <SegmentedControl
        className={classes.span ?? ''}
        aria-label="How far back"
        data={usageSpans.map(({ id, title }) => ({ value: id, label: title }))}
        value={spanId}
        onChange={setSpanId}
      />
      <QueryView query={sums} what="what was used">
        {(found) => (
          <>
            <section className={classes.stats} aria-label="In all">
              <Stat
                name="Requests"
                value={formatCount(total.requests)}
                note={`${formatCount(total.errors)} failed`}
              />
              <Stat
                name="Prompt tokens"
                value={formatCount(total.promptTokens)}
                note={`${formatCount(total.cachedTokens)} of them cached`}
              />
              <Stat name="Output tokens" value={formatCount(total.outputTokens)} />
              <Stat
                name="Cost"
                value={<CostCell costs={costTotals(found)} />}
                note="as priced when the requests came"
              />
            </section>
            <Panel title="Over time">
              {span === undefined ? null : <UsageChart span={span} steps={steps} costs={costs} />}
            </Panel>
          </>
        )}
      </QueryView>
      <UsageTable fromMs={fromMs} />
    </ServerFrame>
  );
};

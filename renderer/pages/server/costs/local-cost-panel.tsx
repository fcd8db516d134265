import { Button } from '@mantine/core';
import type { CostFigure, CostReport } from '../../../../shared/contract/local-cost.ts';
import { formatCount, formatCounted, formatFigure } from '../../../../shared/units/format.ts';
import { useNow } from '../../../live/use-now.ts';
import { usePoll } from '../../../live/use-poll.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Explained } from '../../../ui/explained.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import {
  basisWords,
  costLines,
  energySentence,
  recordedSentence,
  type CostLine,
} from './local-cost-lines.ts';
import classes from './costs.module.css';

const HOUR_MS = 3_600_000;
const SPAN_MS = 30 * 24 * HOUR_MS;
const POLL_MS = 30_000;

/** A figure with its unit, n and basis on hover, or why there is none. */
const Figure = ({ figure }: { readonly figure: CostFigure }) => {
  const { value, unit, n, basis, reason } = figure;
  if (value === null) return <Unknown reason={reason ?? 'nobody knows'} />;
  return (
    <Explained
      reason={`${formatFigure(value)} ${unit}, n ${formatCounted(n, 'request')}${basis === null ? '' : `, ${basisWords[basis]}`}`}
    >
      {formatFigure(value)}
    </Explained>
  );
};

const columnsIn = (currency: string): readonly Column<CostLine>[] => [
  { id: 'name', title: currency, isRowHeader: true, render: ({ name }) => name },
  {
    id: 'hour',
    title: 'per hour of use',
    isNumeric: true,
    render: ({ perHour }) =>
      perHour === null ? (
        <Unknown reason="a price sheet has no price of an hour" />
      ) : (
        <Figure figure={perHour} />
      ),
  },
  {
    id: 'request',
    title: 'per request',
    isNumeric: true,
    render: ({ perRequest }) => <Figure figure={perRequest} />,
  },
  {
    id: 'tokens',
    title: 'per 1,000 output tokens',
    isNumeric: true,
    render: ({ perThousandOutputTokens }) => <Figure figure={perThousandOutputTokens} />,
  },
  {
    id: 'even',
    title: 'cheaper here from, requests/h',
    isNumeric: true,
    render: ({ breakEven }) =>
      breakEven === null ? <Unknown reason="it is this machine" /> : <Figure figure={breakEven} />,
  },
  {
    id: 'n',
    title: 'n',
    isNumeric: true,
    render: ({ perRequest }) => formatCount(perRequest.n),
  },
  {
    id: 'basis',
    title: 'Basis',
    render: ({ perRequest: { basis, reason } }) =>
      basis === null ? <Unknown reason={reason ?? 'nobody knows'} /> : basisWords[basis],
  },
];

const Report = ({ report }: { readonly report: CostReport }) => {
  const { settings, usedHours, requests, sheets } = report;
  return (
    <>
      <DataTable
        label="Cost of this machine"
        columns={columnsIn(settings.currency)}
        rows={costLines(report)}
        rowKey={({ name }) => name}
        rowMark={({ name }) => (name === 'This machine' ? 'pick' : undefined)}
      />
      <div className={classes.notes}>
        <p>
          {formatCounted(requests, 'request')} in {formatFigure(usedHours)} hours of use since{' '}
          {new Date(report.fromMs).toISOString().slice(0, 16).replace('T', ' ')} UTC. {energySentence(report)}
        </p>
        <p>{recordedSentence(report)}</p>
        <p>
          {sheets.length === 0
            ? `Set a price in ${settings.currency} to see this machine beside it.`
            : 'A price sheet stands for the same tokens at its prices, whichever model it is of.'}{' '}
          It is a model and no bill: work, rent, network and cooling are not in it.
        </p>
      </div>
    </>
  );
};

const Reported = ({ fromMs }: { readonly fromMs: number }) => {
  const { queries } = useServices();
  const report = useQuery(queries.costReport(fromMs));
  usePoll(report.poll, POLL_MS);
  return (
    <QueryView query={report} what="what it costs here">
      {(found) => <Report report={found} />}
    </QueryView>
  );
};

/** What answers cost on this machine, beside what they would cost elsewhere. */
export const LocalCostPanel = () => {
  const { dialogs, queries } = useServices();
  const local = useQuery(queries.localCost());
  const nowMs = useNow(HOUR_MS);
  const fromMs = Math.floor((nowMs - SPAN_MS) / HOUR_MS) * HOUR_MS;
  const change = (label: string) => (
    <Button
      size="compact-sm"
      variant="default"
      onClick={() => dialogs.open({ type: 'local-cost', local: local.data ?? null })}
    >
      {label}
    </Button>
  );
  return (
    <Panel
      title="This machine, last 30 days"
      isFlush
      {...(local.data !== undefined && local.data !== null && { actions: change('Change what it costs') })}
    >
      <QueryView query={local} what="what it costs here">
        {(found) =>
          found === null ? (
            <EmptyState
              text="Say what a kilowatt-hour and the hardware cost, and Dyno works out what a request costs here, and from how many on this machine is cheaper than a price sheet."
              action={change('Say what it costs')}
            />
          ) : (
            <Reported fromMs={fromMs} />
          )
        }
      </QueryView>
    </Panel>
  );
};

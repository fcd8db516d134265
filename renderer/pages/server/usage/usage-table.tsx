import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { usageGroupSchema, type UsageSum } from '../../../../shared/contract/usage.ts';
import { formatCount, formatFigure } from '../../../../shared/units/format.ts';
import { usePoll } from '../../../live/use-poll.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import classes from '../access/access.module.css';
import { CostCell } from './cost-cell.tsx';
import { usageRefreshMs } from './usage-span.ts';

const groups = ['key', 'model', 'tenant', 'project'] as const;

const figure = (id: string, title: string, read: (sum: UsageSum) => number): Column<UsageSum> => ({
  id,
  title,
  isNumeric: true,
  render: (sum) => formatCount(read(sum)),
  sortBy: read,
});

/** The group as the ledger has it, under the name that it goes by where it has one. */
const Who = ({ id, name }: { readonly id: string; readonly name: string | undefined }) => {
  if (id === '') return <Unknown reason="refused before its model was known" />;
  if (name === undefined) return <span className="mono">{id}</span>;
  return (
    <>
      {name}
      <div className={`mono ${classes.sub}`}>{id}</div>
    </>
  );
};

const columnsOf = (names: ReadonlyMap<string, string>): readonly Column<UsageSum>[] => [
  {
    id: 'group',
    title: 'Who',
    isRowHeader: true,
    render: ({ group }) => <Who id={group} name={names.get(group)} />,
    sortBy: ({ group }) => names.get(group) ?? group,
  },
  figure('requests', 'Requests', ({ requests }) => requests),
  figure('errors', 'Failed', ({ errors }) => errors),
  figure('prompt', 'Prompt tokens', ({ promptTokens }) => promptTokens),
  figure('cached', 'Of them cached', ({ cachedTokens }) => cachedTokens),
  figure('output', 'Output tokens', ({ outputTokens }) => outputTokens),
  { id: 'cost', title: 'Cost', isNumeric: true, render: ({ costs }) => <CostCell costs={costs} /> },
  {
    id: 'share',
    title: 'Failed, %',
    isNumeric: true,
    render: ({ errors, requests }) =>
      requests === 0 ? <Unknown reason="no request" /> : formatFigure((100 * errors) / requests),
  },
];

/** What was used since `fromMs`, by whom or of which model. */
export const UsageTable = ({ fromMs }: { readonly fromMs: number }) => {
  const { queries } = useServices();
  const [by, setBy] = useState<(typeof groups)[number]>('key');
  const sums = useQuery(queries.usage(by, fromMs));
  usePoll(sums.poll, usageRefreshMs);
  const keys = useQuery(queries.keys()).data ?? [];
  const tenants = useQuery(queries.tenants()).data ?? [];
  const named: Readonly<Record<typeof by, readonly { readonly id: string; readonly name: string }[]>> = {
    key: keys,
    tenant: tenants,
    model: [],
    project: [],
  };
  const names = new Map(named[by].map(({ id, name }) => [id, name]));
  return (
    <Panel
      title="By whom"
      isFlush
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Group by"
          data={groups.map((group) => ({ value: group, label: group }))}
          value={by}
          onChange={(group) => {
            const next = usageGroupSchema.extract(groups).safeParse(group);
            if (next.success) setBy(next.data);
          }}
        />
      }
    >
      <QueryView query={sums} what="what was used">
        {(found) =>
          found.length === 0 ? (
            <EmptyState text="Nothing was used in this time." />
          ) : (
            <DataTable label="Usage" columns={columnsOf(names)} rows={found} rowKey={({ group }) => group} />
          )
        }
      </QueryView>
    </Panel>
  );
};

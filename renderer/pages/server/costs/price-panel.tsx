import { Button } from '@mantine/core';
import type { PriceSheet } from '../../../../shared/contract/prices.ts';
import { formatMicro } from '../../../../shared/units/micro.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import { ChangeRemove } from '../access/change-remove.tsx';

const keyOf = ({ model, currency, fromDay }: PriceSheet): string => `${model} ${currency} ${fromDay}`;

const price = (id: string, title: string, read: (sheet: PriceSheet) => number): Column<PriceSheet> => ({
  id,
  title,
  isNumeric: true,
  render: (sheet) => formatMicro(read(sheet)),
  sortBy: read,
});

const columns: readonly Column<PriceSheet>[] = [
  {
    id: 'model',
    title: 'Model',
    isRowHeader: true,
    render: ({ model }) => <span className="mono">{model}</span>,
    sortBy: ({ model }) => model,
  },
  {
    id: 'from',
    title: 'From (UTC)',
    render: ({ fromDay }) => <span className="figures">{fromDay}</span>,
    sortBy: ({ fromDay }) => fromDay,
  },
  {
    id: 'currency',
    title: 'Per million tokens',
    render: ({ currency }) => currency,
    sortBy: ({ currency }) => currency,
  },
  price('prompt', 'Prompt', ({ promptMicro }) => promptMicro),
  price('cached', 'Prompt, cached', ({ cachedMicro }) => cachedMicro),
  price('output', 'Output', ({ outputMicro }) => outputMicro),
  {
    id: 'acts',
    title: '',
    render: (sheet) => (
      <ChangeRemove
        name={`price of ${sheet.model} in ${sheet.currency} from ${sheet.fromDay}`}
        change={{ type: 'edit-price', sheet }}
        remove={{ type: 'remove-price', sheet }}
      />
    ),
  },
];

/** What tokens cost, by model, currency and day. */
export const PricePanel = () => {
  const { dialogs, queries } = useServices();
  const sheets = useQuery(queries.prices());
  return (
    <Panel title="Prices" isFlush>
      <QueryView query={sheets} what="the prices">
        {(all) =>
          all.length === 0 ? (
            <EmptyState
              text="No price is set yet. With one, each request is priced as it comes, and statements and budgets can be in money."
              action={
                <Button onClick={() => dialogs.open({ type: 'new-price' })}>Set the first price</Button>
              }
            />
          ) : (
            <DataTable label="Prices" columns={columns} rows={all} rowKey={keyOf} />
          )
        }
      </QueryView>
    </Panel>
  );
};

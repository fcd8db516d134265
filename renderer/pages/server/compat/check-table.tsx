import type { CompatResult } from '../../../../shared/contract/compat.ts';
import { formatCount } from '../../../../shared/units/format.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import classes from './compat-tab.module.css';
import { outcomeWords } from './compat-state.ts';

const columns: readonly Column<CompatResult>[] = [
  {
    id: 'check',
    title: 'Check',
    isRowHeader: true,
    render: ({ id }) => <span className="mono">{id}</span>,
    sortBy: ({ id }) => id,
  },
  {
    id: 'outcome',
    title: 'Result',
    render: ({ outcome }) => (
      <span className={classes.outcome} data-outcome={outcome}>
        {outcomeWords[outcome]}
      </span>
    ),
    sortBy: ({ outcome }) => outcome,
  },
  { id: 'ms', title: 'ms', isNumeric: true, render: ({ ms }) => formatCount(ms), sortBy: ({ ms }) => ms },
  {
    id: 'what',
    title: 'What it is',
    render: ({ title, found }) => (
      <>
        {title}
        {found === null ? null : <div className={classes.found}>Found: {found}</div>}
      </>
    ),
  },
];

export const CheckTable = ({ results }: { readonly results: readonly CompatResult[] }) => (
  <DataTable label="Compatibility checks" columns={columns} rows={results} rowKey={({ id }) => id} />
);

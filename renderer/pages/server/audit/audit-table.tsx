import type { AuditEntry } from '../../../../shared/contract/audit.ts';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import classes from './audit.module.css';
import { actionWords, actorText, detailsText } from './audit-words.ts';

const columns: readonly Column<AuditEntry>[] = [
  { id: 'seq', title: '#', isNumeric: true, isRowHeader: true, render: ({ seq }) => seq },
  {
    id: 'at',
    title: 'When',
    render: ({ atMs }) => <span className="figures">{new Date(atMs).toLocaleString('en-GB')}</span>,
  },
  { id: 'who', title: 'Who', render: ({ actor }) => actorText(actor) },
  { id: 'what', title: 'What', render: ({ action }) => actionWords[action] },
  {
    id: 'tenant',
    title: 'Tenant',
    render: ({ tenantId }) => tenantId ?? <Unknown reason="it concerns the whole server" />,
  },
  { id: 'subject', title: 'Which', render: ({ subject }) => <span className="mono">{subject}</span> },
  {
    id: 'details',
    title: 'Particulars',
    render: ({ details }) => <span className={classes.details}>{detailsText(details)}</span>,
  },
  {
    id: 'hash',
    title: 'Hash',
    isSpare: true,
    render: ({ hash }) => (
      <span className="mono" title={hash}>
        {hash.slice(0, 8)}
      </span>
    ),
  },
];

/** Lines of the log as they were written; they never change. */
export const AuditTable = ({ entries }: { readonly entries: readonly AuditEntry[] }) => (
  <DataTable label="Audit log" columns={columns} rows={entries} rowKey={({ seq }) => String(seq)} />
);

import { Select } from '@mantine/core';
import { useState } from 'react';
import { auditActionSchema } from '../../../../shared/contract/audit.ts';
import { formatCount } from '../../../../shared/units/format.ts';
import { useNow } from '../../../live/use-now.ts';
import { usePoll } from '../../../live/use-poll.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import classes from '../access/access.module.css';
import { ServerFrame } from '../server-frame.tsx';
import { AuditTable } from './audit-table.tsx';
import { actionWords, actorText, auditCsv, filterAudit } from './audit-words.ts';
import { ChainState } from './chain-state.tsx';

const POLL_MS = 5_000;
/** More rows than this at once nobody reads; the CSV has all. */
const SHOWN = 200;

const spans: readonly (readonly [ms: number, title: string])[] = [
  [3_600_000, 'last hour'],
  [86_400_000, 'last 24 hours'],
  [604_800_000, 'last 7 days'],
  [2_592_000_000, 'last 30 days'],
];

/** Who made, changed and ended what: the append-only log, newest first. */
export const AuditTab = () => {
  const { queries } = useServices();
  const audit = useQuery(queries.audit());
  usePoll(audit.poll, POLL_MS);
  const nowMs = useNow(POLL_MS);
  const [actor, setActor] = useState<string | null>(null);
  const [action, setAction] = useState<string | null>(null);
  const [span, setSpan] = useState<string | null>(null);
  const all = audit.data ?? [];
  const chosen = filterAudit(all, {
    actor,
    action: auditActionSchema.nullable().catch(null).parse(action),
    sinceMs: span === null ? null : nowMs - Number(span),
  });
  return (
    <ServerFrame
      tab="audit"
      lead="Who made, changed and ended what. Lines are only ever added, and each carries the hash of the one before, so that a change shows."
      actions={<CopyButton text={auditCsv(chosen)} what="log as CSV" label="Copy as CSV" />}
    >
      <ChainState newestSeq={all[0]?.seq ?? 0} />
      <Panel title="Audit log" isFlush>
        <div className={classes.filters}>
          <Select
            label="Who"
            placeholder="everybody"
            clearable
            clearButtonProps={{ 'aria-label': 'Everybody' }}
            data={[...new Set(all.map((entry) => actorText(entry.actor)))]}
            value={actor}
            onChange={setActor}
          />
          <Select
            label="What"
            placeholder="everything"
            clearable
            clearButtonProps={{ 'aria-label': 'Everything' }}
            data={auditActionSchema.options.map((value) => ({ value, label: actionWords[value] }))}
            value={action}
            onChange={setAction}
          />
          <Select
            label="When"
            placeholder="ever"
            clearable
            clearButtonProps={{ 'aria-label': 'Ever' }}
            data={spans.map(([ms, title]) => ({ value: String(ms), label: title }))}
            value={span}
            onChange={setSpan}
          />
          <span className={classes.note} role="status">
            {chosen.length > SHOWN
              ? `the newest ${SHOWN} of ${formatCount(chosen.length)} lines`
              : `${formatCount(chosen.length)} of ${formatCount(all.length)} lines`}
          </span>
        </div>
        <QueryView query={audit} what="the audit log">
          {() =>
            chosen.length === 0 ? (
              <EmptyState text="No line fits. Choose less." />
            ) : (
              <AuditTable entries={chosen.slice(0, SHOWN)} />
            )
          }
        </QueryView>
      </Panel>
    </ServerFrame>
  );
};

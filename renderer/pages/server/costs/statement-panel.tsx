import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import type { StatementInput } from '../../../../shared/contract/prices.ts';
import { useNow } from '../../../live/use-now.ts';
import { usePoll } from '../../../live/use-poll.ts';
import { useQuery } from '../../../live/use-query.ts';
import { useServices } from '../../../services-context.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { QueryView } from '../../../ui/query-view.tsx';
import classes from '../access/access.module.css';
import { noChoice, recentMonths, statementInput, type StatementChoice } from './statement-choice.ts';
import { StatementView } from './statement-view.tsx';

const POLL_MS = 10_000;
const ALL_KEYS = 'all';

interface ChoiceProps {
  readonly input: StatementInput;
  readonly currencies: readonly string[];
  readonly nowMs: number;
  readonly onChange: (change: Partial<StatementChoice>) => void;
}

const ChoiceFields = ({ input, currencies, nowMs, onChange }: ChoiceProps) => {
  const { queries } = useServices();
  const tenants = useQuery(queries.tenants()).data ?? [];
  const keys = useQuery(queries.keys()).data ?? [];
  return (
    <div className={classes.filters}>
      <Select
        label="Tenant"
        data={tenants.map(({ id, name }) => ({ value: id, label: name }))}
        value={input.tenantId}
        onChange={(tenantId) => onChange({ tenantId, keyId: null })}
      />
      <Select
        label="Key"
        data={[
          { value: ALL_KEYS, label: 'all keys' },
          ...keys
            .filter(({ tenantId }) => tenantId === input.tenantId)
            .map(({ id, name, lastFour }) => ({ value: id, label: `${name} …${lastFour}` })),
        ]}
        value={input.keyId ?? ALL_KEYS}
        onChange={(keyId) => onChange({ keyId: keyId === ALL_KEYS ? null : keyId })}
      />
      <Select
        label="Month (UTC)"
        data={[...recentMonths(nowMs)]}
        value={input.month}
        onChange={(month) => onChange({ month })}
      />
      <Select
        label="Currency"
        data={[...currencies]}
        value={input.currency}
        onChange={(currency) => onChange({ currency })}
      />
    </div>
  );
};

const Chosen = ({ input }: { readonly input: StatementInput }) => {
  const { queries } = useServices();
  const statement = useQuery(queries.statement(input));
  usePoll(statement.poll, POLL_MS);
  return (
    <QueryView query={statement} what="the statement">
      {(found) => <StatementView input={input} statement={found} />}
    </QueryView>
  );
};

/** What a tenant, or one of its keys, used in a month, and what it comes to. */
export const StatementPanel = () => {
  const { dialogs, queries } = useServices();
  const [choice, setChoice] = useState(noChoice);
  const nowMs = useNow(60_000);
  const tenants = useQuery(queries.tenants()).data ?? [];
  const sheets = useQuery(queries.prices()).data;
  const currencies = [...new Set(sheets?.map(({ currency }) => currency))];
  const input = statementInput(choice, { tenantIds: tenants.map(({ id }) => id), currencies, nowMs });
  return (
    <Panel title="Statement" isFlush>
      {input === undefined ? (
        <EmptyState
          text={
            sheets === undefined
              ? 'The prices are being read.'
              : 'A statement says what a tenant’s month comes to. It needs a price first.'
          }
          {...(sheets !== undefined && {
            action: (
              <Button variant="default" onClick={() => dialogs.open({ type: 'new-price' })}>
                Set a price
              </Button>
            ),
          })}
        />
      ) : (
        <>
          <ChoiceFields
            input={input}
            currencies={currencies}
            nowMs={nowMs}
            onChange={(change) => setChoice({ ...choice, ...change })}
          />
          <Chosen input={input} />
        </>
      )}
    </Panel>
  );
};

import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { Statement, StatementInput, StatementLine } from '../../../../shared/contract/prices.ts';
import { formatCount } from '../../../../shared/units/format.ts';
import { formatMicro } from '../../../../shared/units/micro.ts';
import { statementHtml } from '../../../../shared/units/statement-html.ts';
import {
  energyText,
  kindWords,
  statementCsv,
  statementMarkdown,
} from '../../../../shared/units/statement-text.ts';
import { useServices } from '../../../services-context.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { DataTable, type Column } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Explained } from '../../../ui/explained.tsx';
import { Stat } from '../../../ui/stat.tsx';
import { Unknown } from '../../../ui/unknown.tsx';
import { saveFile } from '../../bench/report/save-file.ts';
import { statementName } from './statement-choice.ts';
import classes from './costs.module.css';

const columnsIn = (currency: string): readonly Column<StatementLine>[] => {
  const none = <Unknown reason={`no price in ${currency} holds for it`} />;
  return [
    {
      id: 'model',
      title: 'Model',
      isRowHeader: true,
      render: ({ model }) => <span className="mono">{model}</span>,
      sortBy: ({ model }) => model,
    },
    { id: 'kind', title: 'Tokens', render: ({ kind }) => kindWords[kind] },
    {
      id: 'tokens',
      title: 'Quantity',
      isNumeric: true,
      render: ({ tokens }) => formatCount(tokens),
      sortBy: ({ tokens }) => tokens,
    },
    {
      id: 'price',
      title: `${currency} per million`,
      isNumeric: true,
      render: ({ microPerMillion }) => (microPerMillion === null ? none : formatMicro(microPerMillion)),
    },
    {
      id: 'amount',
      title: `Amount, ${currency}`,
      isNumeric: true,
      render: ({ amountMicro }) => (amountMicro === null ? none : formatMicro(amountMicro)),
      sortBy: ({ amountMicro }) => amountMicro,
    },
    {
      id: 'sheet',
      title: 'Price',
      render: ({ sheet, basis }) =>
        sheet === null ? (
          none
        ) : (
          <>
            <span className="mono">{sheet.model}</span> from {sheet.fromDay}
            {basis === 'later' ? (
              <>
                {', '}
                <Explained reason="No price held when these tokens were used; they cost what is set now.">
                  set later
                </Explained>
              </>
            ) : null}
          </>
        ),
    },
  ];
};

const files = [
  { title: 'HTML', ending: 'html', mimeType: 'text/html', write: statementHtml },
  { title: 'CSV', ending: 'csv', mimeType: 'text/csv', write: statementCsv },
  { title: 'Markdown', ending: 'md', mimeType: 'text/markdown', write: statementMarkdown },
] as const;

interface StatementViewProps {
  readonly input: StatementInput;
  readonly statement: Statement;
}

const Downloads = ({ input, statement }: StatementViewProps) => {
  const { notices } = useServices();
  return (
    <div className={classes.downloads}>
      {files.map(({ title, ending, mimeType, write }) => (
        <Button
          key={ending}
          size="compact-sm"
          variant="default"
          leftSection={<IconDownload size={14} aria-hidden />}
          aria-label={`Save the statement as ${title}`}
          onClick={() => {
            const fileName = `${statementName(input)}.${ending}`;
            saveFile({ fileName, mimeType, encoding: 'utf8', text: write(statement) });
            notices.done(`${fileName} is in your downloads.`);
          }}
        >
          {title}
        </Button>
      ))}
      <CopyButton text={statementMarkdown(statement)} what="statement as Markdown" label="Copy as Markdown" />
    </div>
  );
};

/** A month's lines, what they come to, and what is not in it. */
export const StatementView = ({ input, statement }: StatementViewProps) => {
  const { currency, requests, errors, lines, totalMicro, unpricedTokens, energy } = statement;
  if (requests === 0) {
    return (
      <EmptyState
        text={`Nothing was used by ${statement.keyName ?? statement.tenantName} in ${statement.month}. Choose another month, or send a request.`}
      />
    );
  }
  return (
    <>
      <div className={classes.stats}>
        <Stat
          name="Total"
          value={formatMicro(totalMicro)}
          unit={currency}
          note="the lines below, each rounded once"
        />
        <Stat
          name="Requests"
          value={formatCount(requests)}
          note={`${formatCount(errors)} failed; tokens of failures count`}
        />
        <Stat
          name="Not in the total"
          value={formatCount(unpricedTokens)}
          unit="tokens"
          note={unpricedTokens === 0 ? 'every token has a price' : `without a price in ${currency}: set one`}
        />
      </div>
      {lines.length === 0 ? (
        <EmptyState text="No token was used: every request failed before a model read it." />
      ) : (
        <DataTable
          label="Statement"
          columns={columnsIn(currency)}
          rows={lines}
          rowKey={(line) => JSON.stringify(line)}
        />
      )}
      <div className={classes.foot}>
        <span>Energy: {energyText(energy, requests)}</span>
        <Downloads input={input} statement={statement} />
      </div>
    </>
  );
};

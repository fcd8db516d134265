import type { TierCounts } from '../contract/cache-tier.ts';
import type { Statement, StatementLine, TokenKind } from '../contract/prices.ts';
import type { EnergySum } from '../contract/usage-energy.ts';
import { formatCount, formatCounted, formatFigure } from './format.ts';
import { formatMicro } from './micro.ts';
import { csvCell } from './usage-csv.ts';

/** Each kind of token as people say it. */
export const kindWords: Readonly<Record<TokenKind, string>> = {
  prompt: 'prompt, read',
  cached: 'prompt, cached',
  output: 'output',
};

/** What it is of, in a line: `Statement of Lab (lab), key nightly (x7…), 2026-11`. */
export const statementOf = ({ tenantName, tenantId, keyId, keyName, month }: Statement): string =>
  `Statement of ${tenantName} (${tenantId})${keyId === null ? '' : `, key ${keyName} (${keyId})`}, ${month}`;

const priceText = (micro: number | null): string => (micro === null ? 'no price' : formatMicro(micro));
const sheetText = ({ sheet }: StatementLine): string =>
  sheet === null ? '' : `${sheet.model} from ${sheet.fromDay}`;
/** What is to be known of a line beside its sheet. */
export const basisText = ({ basis }: StatementLine): string => (basis === 'later' ? ', set later' : '');

export const statementCsv = ({ lines, currency, tenantId, month, keyId }: Statement): string =>
  [
    'tenant,key,month,model,kind,tokens,per_million,amount,currency,sheet,basis',
    ...lines.map((line) =>
      [
        tenantId,
        keyId,
        month,
        line.model,
        line.kind,
        line.tokens,
        line.microPerMillion === null ? null : formatMicro(line.microPerMillion),
        line.amountMicro === null ? null : formatMicro(line.amountMicro),
        currency,
        sheetText(line),
        line.basis,
      ]
        .map(csvCell)
        .join(','),
    ),
  ].join('\r\n');

/** How many came, and how many of them to nothing: `2 requests, 1 of them failed.` */
export const requestsText = ({ requests, errors }: Pick<Statement, 'requests' | 'errors'>): string =>
  `${formatCounted(requests, 'request')}, ${formatCount(errors)} of them failed.`;

/** How many requests a cache answered, whole or in part. */
export const tierText = ({ none, prefix, exact }: TierCounts, requests: number): string => {
  const untold = requests - none - prefix - exact;
  return (
    [
      `${formatCount(exact)} answered from the response cache, ${formatCount(prefix)} with a part of the prompt in the prefix cache`,
      ...(untold > 0 ? [`${formatCount(untold)} from before this was kept`] : []),
    ].join('; ') + '.'
  );
};

/** The joules of those requests that have a figure. */
export const energyText = ({ joules, requests }: EnergySum, all: number): string =>
  requests === 0
    ? 'not measured.'
    : `${formatFigure(joules)} J, measured in ${formatCount(requests)} of ${formatCounted(all, 'request')}.`;

/** A name in a cell of a Markdown table. */
const cell = (text: string): string => text.replaceAll(/[\\|]/gu, String.raw`\$&`).replaceAll(/\s/gu, ' ');

export const statementMarkdown = (statement: Statement): string => {
  const { currency, requests, tiers, energy, lines } = statement;
  return [
    `# ${cell(statementOf(statement))} (UTC)`,
    '',
    `${requestsText(statement)} ${tierText(tiers, requests)}`,
    '',
    `Energy: ${energyText(energy, requests)}`,
    '',
    `| Model | Tokens | Quantity | ${currency} per million | Amount, ${currency} | Price sheet |`,
    '| --- | --- | ---: | ---: | ---: | --- |',
    ...lines.map(
      (line) =>
        `| ${cell(line.model)} | ${kindWords[line.kind]} | ${line.tokens} | ${priceText(line.microPerMillion)} | ${priceText(line.amountMicro)} | ${cell(sheetText(line))}${basisText(line)} |`,
    ),
    '',
    `Total: ${formatMicro(statement.totalMicro)} ${currency}`,
    ...(lines.some(({ basis }) => basis === 'later')
      ? ['', 'Set later: no price held when these tokens were used; they cost what is set now.']
      : []),
    ...(statement.unpricedTokens > 0
      ? [
          '',
          `Not in the total: ${formatCounted(statement.unpricedTokens, 'token')} without a price in ${currency}.`,
        ]
      : []),
  ].join('\n');
};

import { Option, type Command } from 'commander';
import { usageGroups, type UsageGroup } from '../../../shared/contract/usage.ts';
import { formatCount } from '../../../shared/units/format.ts';
import { usageCsv } from '../../../shared/units/usage-csv.ts';
import { statementHtml } from '../../../shared/units/statement-html.ts';
import { statementCsv, statementMarkdown } from '../../../shared/units/statement-text.ts';
import { renderUsage } from '../render/usage.ts';
import { runCommand } from '../run-command.ts';
import { registerBudgets } from './budgets.ts';
import { registerCost } from './local-cost.ts';
import { addSpan, spanOf, type SpanOptions } from './span-options.ts';

/** As many as the contract gives at once. */
const MOST_ROWS = 1_000_000;
/** How a statement is written. */
const writers = { md: statementMarkdown, csv: statementCsv, html: statementHtml } as const;

interface StatementOptions {
  readonly tenant: string;
  readonly month: string;
  readonly currency: string;
  readonly key?: string;
  readonly format: keyof typeof writers;
}

const registerStatement = (usage: Command): void => {
  usage
    .command('statement')
    .description(
      "a tenant's month (UTC) at the prices it was written with: Markdown, CSV, a page to print, or JSON with --json",
    )
    .requiredOption('--tenant <id>', 'whose')
    .requiredOption('--month <month>', 'as 2026-11')
    .requiredOption('--currency <code>', 'whose price sheets hold, as EUR')
    .option('--key <id>', 'one key of the tenant alone')
    .addOption(
      new Option('--format <format>', 'how it is written').choices(Object.keys(writers)).default('md'),
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ dyno usage statement --tenant default --month 2026-11 --currency EUR --format html > 2026-11.html',
    )
    .action((options: StatementOptions, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const { tenant, month, currency, key, format } = options;
        const statement = await client.prices.statement({
          tenantId: tenant,
          month,
          currency,
          ...(key !== undefined && { keyId: key }),
        });
        out.result(statement, () => writers[format](statement));
      }),
    );
};

export const registerUsage = (program: Command): void => {
  const usage = program
    .command('usage')
    .description("what the server's keys used and what it cost: sums, every row, monthly statements, budgets")
    .addHelpText('after', '\nExample:\n  $ dyno usage sum --by model');
  addSpan(
    usage
      .command('sum')
      .description('requests and tokens by key, tenant, project, model, hour, day or month')
      .addOption(new Option('--by <group>', 'what a line is of').choices(usageGroups).default('key')),
  )
    .addHelpText('after', '\nExample:\n  $ dyno usage sum --by day --from 2026-11 --json')
    .action((options: SpanOptions & { readonly by: UsageGroup }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const sums = await client.usage.sum({ ...spanOf(options), by: options.by });
        out.result(sums, () => renderUsage(sums, options.by));
      }),
    );
  addSpan(usage.command('export').description('every row as CSV, or as JSON with --json'))
    .addHelpText('after', '\nExample:\n  $ dyno usage export --from 2026-11 --to 2026-12 > november.csv')
    .action((options: SpanOptions, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const rows = await client.usage.rows({ ...spanOf(options), limit: MOST_ROWS });
        if (rows.length === MOST_ROWS) {
          out.note(`These are the oldest ${formatCount(MOST_ROWS)} rows: give a shorter span for the rest.`);
        }
        out.result(rows, () => usageCsv(rows));
      }),
    );
  registerStatement(usage);
  registerBudgets(usage);
  registerCost(usage);
};

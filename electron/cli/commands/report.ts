import type { Command } from 'commander';
import { reportFormatSchema } from '../../../shared/contract/bench.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { runCommand } from '../run-command.ts';
import { writeReport } from '../write-report.ts';

const readFormat = (text: string | undefined) => {
  const result = reportFormatSchema.optional().safeParse(text);
  if (result.success) return result.data;
  throw new AppError('app.bad-input', `There is no report format ${text ?? ''}`, {
    hint: `Choose one of: ${reportFormatSchema.options.join(', ')}.`,
  });
};

export const registerReport = (program: Command): void => {
  program
    .command('report <run>')
    .description('a run as a report to send: HTML (one file), Markdown, CSV or JSON')
    .option('--format <format>', 'html, markdown, csv or json; default: by the extension of --out')
    .option('--out <file>', 'file to write; default: stdout')
    .addHelpText('after', '\nExample:\n  $ dyno report run_mh2x9k --out report.html')
    .action((runId: string, options: { format?: string; out?: string }, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const format = readFormat(options.format);
        if (options.out === undefined) {
          const report = await client.bench.report({ runId, format: format ?? 'markdown' });
          out.result(report, () => report.text);
          return;
        }
        const path = await writeReport({ client }, runId, options.out, format);
        out.result({ path }, () => `Wrote ${path}`);
      }),
    );
};

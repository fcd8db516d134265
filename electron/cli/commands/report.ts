import type { Command } from 'commander';
import { AppError } from '../../../shared/errors/app-error.ts';
import { errorRow } from '../../../shared/errors/table.ts';
import { renderDiff, renderImported, renderVerification } from '../render/report.ts';
import { fileArgument, readImportFormat, readReportFormat, sideArgument } from '../report-options.ts';
import { runCommand, type CommandContext } from '../run-command.ts';
import { loadFormatOf, writeLoadReport, writeReport } from '../write-report.ts';

interface ReportOptions {
  readonly format?: string;
  readonly out?: string;
  readonly base?: string;
  readonly includeHost?: boolean;
}

const example = (...lines: readonly string[]): string =>
  `\nExample:\n${lines.map((line) => `  $ dyno report ${line}`).join('\n')}`;

const needsFile = (): AppError =>
  new AppError('app.bad-input', 'A PDF goes into a file', { hint: 'Add --out report.pdf.' });

const registerVerify = (report: Command): void => {
  report
    .command('verify <file>')
    .description(
      'say whether a report (HTML, Markdown, CSV, JSON, JSONL) is as it was written; exit code 65 if not',
    )
    .addHelpText('after', example('verify report.html'))
    .action((file: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const verification = await client.reports.verify({ file: fileArgument(file) });
        out.result(verification, () => renderVerification(verification));
        if (verification.verdict === 'changed') process.exitCode = errorRow('report.changed').exit;
      }),
    );
};

const registerDiff = (report: Command): void => {
  report
    .command('diff <a> <b>')
    .description('what changed between two runs or report files: causes first, then every figure')
    .addHelpText('after', example('diff run_mh2x9k run_mh3a1b', 'diff before.html after.html'))
    .action((a: string, b: string, _options, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        const diff = await client.reports.diff({ a: sideArgument(a), b: sideArgument(b) });
        out.result(diff, () => renderDiff(diff));
      }),
    );
};

const registerImport = (report: Command): void => {
  report
    .command('import <file>')
    .description('take a result of llama-bench, vLLM, GuideLLM, AIPerf or GenAI-Perf into the list of runs')
    .option('--format <format>', 'default: by what the file holds')
    .addHelpText('after', example('import llama-bench.json', 'import bench.md --format llama-bench-md'))
    .action((file: string, _options: unknown, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        // --format is the parent's, too, and commander gives it to the parent
        const format = readImportFormat(command.optsWithGlobals<ReportOptions>().format);
        const run = await client.reports.import({
          file: fileArgument(file),
          ...(format !== undefined && { format }),
        });
        out.result(run, () => `${renderImported(run)}\n\nBeside your own: dyno compare RUN ${run.id}`);
      }),
    );
};

const isLoadId = (id: string): boolean => id.startsWith('load_');

/** A report of one load run; load runs are not compared with each other. */
const reportLoad = async (
  { client, out }: Pick<CommandContext, 'client' | 'out'>,
  ids: readonly string[],
  options: ReportOptions,
): Promise<void> => {
  const [loadId = '', ...others] = ids;
  if (others.length > 0) {
    throw new AppError('app.bad-input', 'A report of a load run holds one run', {
      hint: `Ask for each by itself: dyno report ${loadId} --out load.html`,
    });
  }
  const format = readReportFormat(options.format);
  const wish = { loadId, includeHost: options.includeHost === true, ...(format !== undefined && { format }) };
  if (options.out !== undefined) {
    const path = await writeLoadReport({ client }, wish, options.out);
    out.result({ path }, () => `Wrote ${path}`);
    return;
  }
  if (format === 'pdf') throw needsFile();
  const file = await client.load.report({ ...wish, format: loadFormatOf(format ?? 'markdown') });
  out.result(file, () => file.text.replace(/\n$/, ''));
};

export const registerReport = (program: Command): void => {
  const report = program
    .command('report')
    .argument(
      '[runs...]',
      'ids of runs, measured or imported; several make a comparison; or one of a load run',
    )
    .description(
      'runs as a report to send: HTML (one file), PDF, Markdown, CSV, JSON, JSONL, llama-bench’s formats',
    )
    .option(
      '--format <format>',
      'html, pdf, markdown, csv, json, jsonl, llama-bench-md (-csv, -json, -jsonl, -sql)',
    )
    .option('--out <file>', 'file to write; its extension is the format; default: Markdown on stdout')
    .option('--base <model>', 'model the others are held against; default: F16, else the largest file')
    .option('--include-host', 'name the host and the user, and keep whole paths')
    .addHelpText(
      'after',
      example(
        'run_mh2x9k --out report.html',
        'run_mh2x9k run_mh3a1b --out comparison.pdf',
        'run_mh2x9k --format llama-bench-md',
        'load_mh4c7d --out load.html',
      ),
    )
    .action((runIds: string[], options: ReportOptions, command: Command) =>
      runCommand(command, async ({ client, out }) => {
        if (runIds.length === 0) {
          throw new AppError('app.bad-input', 'A report needs the id of a run', {
            hint: 'dyno runs list shows them; dyno report --help has examples.',
          });
        }
        const format = readReportFormat(options.format);
        if (runIds.some(isLoadId)) return reportLoad({ client, out }, runIds, options);
        const wish = {
          runIds,
          includeHost: options.includeHost === true,
          ...(format !== undefined && { format }),
          ...(options.base !== undefined && { baseModelId: options.base }),
        };
        if (options.out !== undefined) {
          const path = await writeReport({ client }, wish, options.out);
          out.result({ path }, () => `Wrote ${path}`);
          return;
        }
        if (format === 'pdf') throw needsFile();
        const file = await client.reports.make({ ...wish, format: format ?? 'markdown' });
        out.result(file, () => file.text.replace(/\n$/, ''));
      }),
    );
  registerVerify(report);
  registerDiff(report);
  registerImport(report);
};

import { resolve } from 'node:path';
import { Argument, type Command } from 'commander';
import type { BenchRun } from '../../../shared/contract/bench.ts';
import type { Preset } from '../../../shared/contract/preset.ts';
import { formatDuration } from '../../../shared/units/format.ts';
import { addEngineOptions, readEngineOptions, type EngineOptions } from '../engine-options.ts';
import { exitCodesText, followParts } from '../follow-parts.ts';
import { renderCells, renderEnergy } from '../render/cell.ts';
import { renderComparison } from '../render/comparison.ts';
import { renderTable } from '../render/table.ts';
import { renderVerdicts } from '../render/verdicts.ts';
import { readModelArgument } from '../model-argument.ts';
import { positiveInteger, wholeNumber } from '../number-argument.ts';
import { runCommand, type CommandContext } from '../run-command.ts';
import { addTestOptions, collect, readTestOptions, type TestOptions } from '../test-options.ts';
import { typeList } from '../type-list.ts';
import { checkReportFiles, writeReport } from '../write-report.ts';

interface BenchOptions extends EngineOptions, TestOptions {
  readonly preset?: string;
  readonly repetitions?: number;
  readonly seed?: number;
  readonly name?: string;
  readonly make?: readonly string[];
  readonly imatrixText?: string;
  readonly report: readonly string[];
}

const failures = (run: BenchRun): readonly string[] => [
  ...run.cells.flatMap((cell) =>
    cell.error === null ? [] : [`${cell.modelId} ${cell.test}: ${cell.error.message}`],
  ),
  ...run.judges.flatMap(({ modelId, state }) =>
    state.type === 'failed' ? [`${modelId} quality: ${state.error.message}`] : [],
  ),
];

/** Follows a run to its end, writes the reports, prints the comparison; then throws what failed of it, if anything did. */
export const finishRun = async (
  context: CommandContext,
  started: { readonly runId: string; readonly jobId: string },
  afterSeq: number,
  reports: readonly string[],
): Promise<void> => {
  const { client, out } = context;
  const resumeCommand = `dyno runs resume ${started.runId}`;
  out.note(`Run ${started.runId}. Ctrl-C keeps what is finished; "${resumeCommand}" goes on.`);
  const { failure } = await followParts(
    context,
    { id: started.jobId, kind: 'bench', resumeCommand },
    afterSeq,
  );
  const run = await client.bench.get({ runId: started.runId });
  const comparison = await client.bench.compare({ runIds: [started.runId] });
  const written: string[] = [];
  const llamaBench =
    run.spec.preset === 'community'
      ? (await client.bench.llamaBenchTable({ runId: started.runId })).text
      : '';
  for (const file of reports) written.push(await writeReport(context, { runIds: [started.runId] }, file));
  out.result({ run, comparison, reports: written, ...(llamaBench !== '' && { llamaBench }) }, () =>
    [
      ...(run.spec.untilDecided === undefined ? [renderComparison(comparison)] : []),
      renderVerdicts(comparison, Date.now()),
      ...(run.spec.preset === 'custom' ? ['', 'Every test:', renderCells(run.cells)] : []),
      ...(llamaBench === ''
        ? []
        : [
            '',
            "To paste beside llama-bench's own table (mean ± standard deviation, where the table above has medians):",
            '',
            llamaBench,
          ]),
      ...renderEnergy(run.cells),
      ...failures(run).map((line) => `FAILED ${line}`),
      '',
      `Took ${formatDuration((run.endedAtMs ?? run.createdAtMs) - run.createdAtMs)}. Repeat: ${run.repeatCommand}`,
      ...(written.length === 0
        ? [`Report: dyno report ${run.id} --out report.html`]
        : written.map((file) => `Report: ${file}`)),
    ].join('\n'),
  );
  if (failure !== undefined) throw failure;
};

const presetsText = (presets: readonly Preset[]): string =>
  renderTable<Preset>(
    [
      { head: 'preset', cell: (preset) => preset.name },
      { head: 'repetitions', align: 'right', cell: (preset) => String(preset.repetitions) },
      { head: 'description', cell: (preset) => preset.description },
    ],
    presets,
  );

export const registerBench = (program: Command): void => {
  const bench = program
    .command('bench')
    .addArgument(new Argument('[models...]', 'ids or paths; none: the bundled model'))
    .description('measure models, interleaved, engine and server, and compare them')
    .option('--preset <name>', 'dyno bench --presets lists them (default: quick; standard for own tests)')
    .option('--presets', 'list the presets and stop')
    .option(
      '--make <types>',
      'types to make of the first model where they are missing, with commas: Q8_0,Q4_K_M',
      typeList,
    )
    .option(
      '--imatrix-text <file>',
      'make the types with an importance matrix of the first model on this text',
    )
    .option('--repetitions <n>', 'measured repetitions per test', positiveInteger)
    .option('--seed <n>', 'seed of prompts and order', wholeNumber)
    .option('--name <text>', 'name of the run')
    .option(
      '--report <file>',
      'write a report; .html, .pdf, .md, .csv, .json or .jsonl (repeatable)',
      collect,
      [],
    );
  addEngineOptions(addTestOptions(bench))
    .addHelpText(
      'after',
      '\nExample:\n  $ dyno bench dyno-demo-4m-f16 dyno-demo-4m-Q4_K_M --preset quick --report result.html\n  $ dyno bench model.gguf --pp 512,2048 --tg 128 --depth 0,4096 --sequences 1,4\n  $ dyno bench model.gguf --profile closed-loop:concurrency=16,promptTokens=512\n  $ dyno bench dyno-demo-4m-f16 --make Q8_0,Q4_K_M' +
        exitCodesText,
    )
    .action((models: string[], options: BenchOptions & { presets?: boolean }, command: Command) =>
      runCommand(command, async (context) => {
        const { client, out } = context;
        if (options.presets === true) {
          const presets = await client.bench.presets();
          out.result(presets, () => presetsText(presets));
          return;
        }
        await checkReportFiles(options.report);
        const own = readTestOptions(options);
        const isOwn = own.engineTests !== undefined || own.apiTests !== undefined;
        const { seq } = await client.app.lastSeq();
        const chosen =
          models.length > 0 ? models.map(readModelArgument) : [(await client.app.info()).bundledModelId];
        const started = await client.bench.start({
          models: chosen,
          preset: options.preset ?? (isOwn ? 'standard' : 'quick'),
          ...own,
          settings: readEngineOptions(options),
          ...(options.repetitions !== undefined && { repetitions: options.repetitions }),
          ...(options.make !== undefined && { make: [...options.make] }),
          ...(options.imatrixText !== undefined && { imatrixText: resolve(options.imatrixText) }),
          ...(options.seed !== undefined && { seed: options.seed }),
          ...(options.name !== undefined && { name: options.name }),
        });
        await finishRun(context, started, seq, options.report);
      }),
    );
};

import { Argument, Option, type Command } from 'commander';
import {
  loadDialectSchema,
  type LoadDialect,
  type LoadRun,
  type LoadStartInput,
} from '../../../shared/contract/load.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { formatCount, formatCounted } from '../../../shared/units/format.ts';
import { addEngineOptions, readEngineOptions, type EngineOptions } from '../engine-options.ts';
import { followJob } from '../follow-job.ts';
import { exitCodesText } from '../follow-parts.ts';
import { readHeaders, readParameters, readPromptSource, readSlo } from '../load-options.ts';
import { readModelArgument } from '../model-argument.ts';
import { positiveInteger, wholeNumber } from '../number-argument.ts';
import { renderLoad, renderLoadList, renderShapes } from '../render/load.ts';
import { runCommand, type CommandContext } from '../run-command.ts';
import { checkReportFiles, formatOfFile, loadFormatOf, writeLoadReport } from '../write-report.ts';

interface LoadOptions extends EngineOptions {
  readonly url?: string;
  readonly model?: string;
  readonly key?: string;
  readonly header: readonly string[];
  readonly dialect: LoadDialect;
  readonly shape: string;
  readonly param: readonly string[];
  readonly prompts: string;
  readonly slo: readonly string[];
  readonly seed: number;
  readonly timeout: number;
  readonly name?: string;
  readonly report: readonly string[];
}

interface LoadActions {
  readonly shapes?: boolean;
  readonly list?: boolean;
  readonly show?: string;
  readonly resume?: string;
  readonly remove?: string;
}

const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

/** A key on the command line is seen by every program of the machine, so it may come from the environment. */
const keyOf = ({ key }: Pick<LoadOptions, 'key'>): string | undefined =>
  key ?? process.env['DYNO_TARGET_KEY'];

const targetOf = async (
  { client }: CommandContext,
  model: string | undefined,
  options: LoadOptions,
): Promise<LoadStartInput['target']> => {
  if (options.url === undefined) {
    const named = model ?? options.model;
    return {
      type: 'model',
      model: named === undefined ? (await client.app.info()).bundledModelId : readModelArgument(named),
      settings: readEngineOptions(options),
    };
  }
  if (model !== undefined) {
    throw new AppError('app.bad-input', 'Give a model file, or --url with --model, not both.');
  }
  if (!/^https?:/.test(options.url) || !URL.canParse(options.url)) {
    throw new AppError('app.bad-input', `“${options.url}” is no web address.`, {
      hint: 'Give the base address of a server, such as http://localhost:8000/v1.',
    });
  }
  const apiKey = keyOf(options);
  return {
    type: 'url',
    url: options.url,
    dialect: options.dialect,
    headers: readHeaders(options.header),
    ...(options.model !== undefined && { model: options.model }),
    ...(apiKey !== undefined && { apiKey }),
  };
};

/** The run is whole, and its figures count the requests that failed; the exit code tells a script of them. */
const failedRequests = (run: LoadRun): AppError | undefined => {
  const counts = new Map<string, number>();
  for (const [code, count] of run.stages.flatMap(({ summary }) => Object.entries(summary?.errors ?? {})))
    counts.set(code, (counts.get(code) ?? 0) + count);
  const attempted = run.stages.reduce((sum, { summary }) => sum + (summary?.attempted ?? 0), 0);
  const failed = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (failed === 0) return undefined;
  const kinds = [...counts].map(([code, count]) => `${formatCount(count)} × ${code}`).join(', ');
  const message = `${formatCount(failed)} of ${formatCounted(attempted, 'request')} failed: ${kinds}.`;
  return new AppError('bench.partly-failed', message, {
    hint: `The other figures are of the requests that were answered. docs/errors.md says what each code means; measure again: ${run.repeatCommand}`,
  });
};

/** Prints a run, and writes its reports. */
const showLoad = async (
  { client, out }: CommandContext,
  loadId: string,
  reports: readonly string[],
): Promise<LoadRun> => {
  const run = await client.load.get({ loadId });
  for (const file of reports) out.note(`Wrote ${await writeLoadReport({ client }, { loadId }, file)}`);
  out.result(run, () => renderLoad(run));
  return run;
};

/** A run's failure with the command that measures the rest, for those who read no remarks. */
const resumable = (failure: AppError, { stages }: LoadRun, resumeCommand: string): AppError => {
  const isBegun = stages.some(({ state }) => state === 'done');
  const next = isBegun ? 'What is finished is kept; measure the rest:' : 'Once that is mended:';
  return new AppError(failure.code, failure.message, {
    hint: [...(failure.hint === undefined ? [] : [failure.hint]), `${next} ${resumeCommand}`].join('\n'),
    details: failure.details,
    cause: failure,
  });
};

/** Follows a run to its end and prints it; also what a stopped one has brought. */
const finishLoad = async (
  context: CommandContext,
  started: { readonly loadId: string; readonly jobId: string },
  { afterSeq, reports }: { readonly afterSeq: number; readonly reports: readonly string[] },
): Promise<void> => {
  const { client, out } = context;
  const { loadId } = started;
  const resumeCommand = `dyno load --resume ${loadId}`;
  out.note(`Load run ${loadId}. Ctrl-C keeps what is finished; "${resumeCommand}" goes on.`);
  try {
    await followJob(context, { id: started.jobId, kind: 'load', resumeCommand }, afterSeq);
  } catch (error) {
    const run = await client.load.get({ loadId });
    if (!out.isJson && run.stages.some((stage) => stage.summary !== null)) out.note(renderLoad(run));
    const isFailed = run.state.type === 'failed' && error instanceof AppError;
    throw isFailed ? resumable(error, run, resumeCommand) : error;
  }
  const failure = failedRequests(await showLoad(context, loadId, reports));
  if (failure !== undefined) throw failure;
};

const startLoad = async (
  context: CommandContext,
  model: string | undefined,
  options: LoadOptions,
): Promise<void> => {
  const { client } = context;
  const shapes = await client.load.shapes();
  const shape = shapes.find((known) => known.name === options.shape);
  if (shape === undefined) {
    throw new AppError('app.bad-input', `No load shape is called ${options.shape}.`, {
      hint: `Choose one of ${shapes.map((known) => known.name).join(', ')}.`,
    });
  }
  const slo = readSlo(options.slo);
  const { seq } = await client.app.lastSeq();
  const started = await client.load.start({
    target: await targetOf(context, model, options),
    shape: shape.name,
    parameters: readParameters(shape, options.param),
    prompts: readPromptSource(options.prompts),
    seed: options.seed,
    idleTimeoutMs: options.timeout * 1000,
    ...(slo !== undefined && { slo }),
    ...(options.name !== undefined && { name: options.name }),
  });
  await finishLoad(context, started, { afterSeq: seq, reports: options.report });
};

const act = async (
  context: CommandContext,
  model: string | undefined,
  options: LoadOptions & LoadActions,
): Promise<void> => {
  const { client, out } = context;
  await checkReportFiles(options.report);
  for (const file of options.report) loadFormatOf(formatOfFile(file));
  if (options.shapes === true) {
    const shapes = await client.load.shapes();
    out.result(shapes, () => renderShapes(shapes));
    return;
  }
  if (options.list === true) {
    const runs = await client.load.list();
    out.result(runs, () => renderLoadList(runs));
    return;
  }
  if (options.show !== undefined) {
    await showLoad(context, options.show, options.report);
    return;
  }
  if (options.remove !== undefined) {
    await client.load.remove({ loadId: options.remove });
    out.result({ removed: options.remove }, () => `Removed ${options.remove}`);
    return;
  }
  if (options.resume === undefined) return startLoad(context, model, options);
  const { seq } = await client.app.lastSeq();
  const apiKey = keyOf(options);
  const started = await client.load.resume({
    loadId: options.resume,
    ...(apiKey !== undefined && { apiKey }),
    ...(options.header.length > 0 && { headers: { ...readHeaders(options.header) } }),
  });
  await finishLoad(context, started, { afterSeq: seq, reports: options.report });
};

export const registerLoad = (program: Command): void => {
  const load = program
    .command('load')
    .addArgument(new Argument('[model]', 'id or path, behind Dyno’s own server; none: the bundled model'))
    .description('put load on a server, Dyno’s own or any other, and measure what its users get')
    .option('--url <url>', 'base address of a server; OpenAI-compatible, or see --dialect')
    .option('--model <name>', 'model to ask that server for; default: the first it lists')
    .option('--key <key>', 'its API key; or set DYNO_TARGET_KEY')
    .option('--header <name=value>', 'one more header (repeatable)', collect, [])
    .addOption(
      new Option('--dialect <name>', 'how the server is spoken to')
        .choices(loadDialectSchema.options)
        .default('auto'),
    )
    .option('--shape <name>', 'dyno load --shapes lists them with their parameters', 'single-stream')
    .option('-p, --param <name=value>', 'parameter of the shape (repeatable)', collect, [])
    .option('--prompts <source>', 'corpus, random, or a JSONL or ShareGPT-style file', 'corpus')
    .option(
      '--slo <limit>',
      'a level by name (interactive, conversational, patient, …: docs/load.md), or ttft=ms, tpot=ms, e2e=ms (repeatable)',
      collect,
      [],
    )
    .option('--seed <n>', 'seed of arrivals and prompts', wholeNumber, 1)
    .option('--timeout <s>', 'silence after which a request has failed', positiveInteger, 120)
    .option('--name <text>', 'name of the run')
    .option(
      '--report <file>',
      'write a report, also with --show; .html, .pdf, .md, .csv, .json or .jsonl (repeatable)',
      collect,
      [],
    )
    .option('--shapes', 'list the shapes and stop')
    .option('--list', 'list the load runs and stop')
    .option('--show <id>', 'show a load run and stop')
    .option('--resume <id>', 'measure the stages a stopped run left open')
    .option('--remove <id>', 'forget a load run with its samples');
  addEngineOptions(load)
    .addHelpText(
      'after',
      '\nExamples:\n  $ dyno load --shape closed-loop --param concurrency=8\n  $ dyno load --url http://localhost:8000/v1 --shape open-loop --param ratePerSecond=4 --slo interactive --report load.html' +
        exitCodesText,
    )
    .action((model: string | undefined, options: LoadOptions & LoadActions, command: Command) =>
      runCommand(command, (context) => act(context, model, options)),
    );
};

import type { Command } from 'commander';
import type { NoiseFloor } from '../../../shared/contract/noise-floor.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { floorSentence } from '../../../shared/units/floor-text.ts';
import { formatFigure } from '../../../shared/units/format.ts';
import { metricTitle } from '../../../shared/units/verdict-text.ts';
import { followJob } from '../follow-job.ts';
import { readModelArgument } from '../model-argument.ts';
import { positiveInteger } from '../number-argument.ts';
import { renderTable } from '../render/table.ts';
import { runCommand, type CommandContext } from '../run-command.ts';

interface CalibrateOptions {
  readonly model?: string;
  readonly arms?: number;
  readonly repetitions?: number;
  readonly show?: boolean;
}

const floorText = (floor: NoiseFloor): string =>
  [
    renderTable<NoiseFloor['floors'][number]>(
      [
        { head: 'test', cell: ({ ladder, test }) => `${ladder} ${test}` },
        { head: 'metric', cell: metricTitle },
        { head: 'noise floor %', align: 'right', cell: ({ share }) => formatFigure(share * 100) },
      ],
      floor.floors,
    ),
    floorSentence(floor, Date.now()),
    `It holds for ${[floor.machine.cpu, ...floor.machine.gpus].join(', ')}, backend ${floor.machine.backend}, Dyno ${floor.machine.dynoVersion}, llama.cpp ${floor.machine.llamaCppRelease}.`,
  ].join('\n');

const show = async ({ client, out }: CommandContext): Promise<void> => {
  const floors = await client.bench.noiseFloor();
  out.result(floors, () => (floors.current === null ? (floors.missing ?? '') : floorText(floors.current)));
};

const measure = async (context: CommandContext, options: CalibrateOptions): Promise<void> => {
  const { client, out } = context;
  const { seq } = await client.app.lastSeq();
  const { runId, jobId } = await client.bench.calibrate({
    ...(options.model !== undefined && { model: readModelArgument(options.model) }),
    ...(options.arms !== undefined && { arms: options.arms }),
    ...(options.repetitions !== undefined && { repetitions: options.repetitions }),
  });
  out.note(`Run ${runId}. Leave the machine alone while it measures itself; Ctrl-C stops.`);
  await followJob(context, { id: jobId, kind: 'bench', resumeCommand: `dyno runs resume ${runId}` }, seq);
  const { current } = await client.bench.noiseFloor();
  if (current?.runId !== runId) {
    throw new AppError('bench.arm-failed', 'The calibration measured too little for a noise floor.', {
      hint: `dyno runs show ${runId} tells what failed.`,
    });
  }
  const { trust } = await client.bench.get({ runId });
  if (trust?.level === 'red') {
    out.note(
      `The machine was not steady: ${trust.reasons.find(({ level }) => level === 'red')?.message ?? ''} The floor is high for that; calibrate again when it is quiet.`,
    );
  }
  out.result(current, () => floorText(current));
};

export const registerCalibrate = (program: Command): void => {
  program
    .command('calibrate')
    .description("measure this machine's noise floor: how far apart equal arms come out")
    .option('--model <model>', 'id or path; default: the bundled model')
    .option('--arms <n>', 'engines loaded with it and measured in turns, 2 to 8; default: 4', positiveInteger)
    .option('--repetitions <n>', 'per arm, from 6; default: 10', positiveInteger)
    .option('--show', 'print the floor that comparisons use now, and stop')
    .addHelpText(
      'after',
      '\nExamples:\n  $ dyno calibrate\n  $ dyno calibrate --model qwen-7b-Q4_K_M --arms 2\n  $ dyno calibrate --show --json',
    )
    .action((options: CalibrateOptions, command: Command) =>
      runCommand(command, (context) => (options.show === true ? show(context) : measure(context, options))),
    );
};

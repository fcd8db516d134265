import type { Command } from 'commander';
import type { Inventory, TelemetrySample } from '../../../shared/contract/hardware.ts';
import { formatFigure, formatGib } from '../../../shared/units/format.ts';
import { renderFacts } from '../render/table.ts';
import { runCommand, type CommandContext } from '../run-command.ts';

const describe = (inventory: Inventory): string => {
  const { cpu, memory, gpus, llama, os } = inventory;
  return renderFacts([
    ['System', `${os.name} ${os.release} (${os.arch})`],
    ['CPU', `${cpu.model}, ${cpu.physicalCores} cores, ${cpu.usableCores} usable threads`],
    ['CPU features', cpu.features.join(' ') || '—'],
    ['Memory', `${formatGib(memory.totalBytes)} GiB, ${formatGib(memory.availableBytes)} GiB available`],
    ...(gpus.length === 0 ? [['GPU', 'none found'] as const] : []),
    ...gpus.map((gpu): [string, string] => [
      'GPU',
      [
        gpu.name,
        gpu.totalMemoryBytes === null
          ? 'memory not told'
          : `${formatGib(gpu.totalMemoryBytes)} GiB${gpu.isUnified ? ' shared with the system' : ''}`,
        gpu.freeMemoryBytes === null ? 'free memory not told' : `${formatGib(gpu.freeMemoryBytes)} GiB free`,
        `driver ${gpu.driver ?? 'not told'}`,
      ].join(', '),
    ]),
    [
      'llama.cpp',
      llama === null
        ? `— (${inventory.llamaProblem ?? 'not probed'})`
        : `${llama.llamaCppRelease}, backend ${llama.backend}, devices ${llama.deviceNames.join(', ') || 'CPU'}`,
    ],
  ]);
};

const liveLine = (sample: TelemetrySample): string =>
  [
    `CPU ${formatFigure(sample.cpu.utilizationPercent)} %`,
    `${formatFigure(sample.cpu.clockMhz)} MHz`,
    `${formatFigure(sample.cpu.temperatureC)} °C`,
    `memory ${formatGib(sample.memory.usedBytes)} GiB`,
    ...sample.gpus.map(
      (gpu) =>
        `${gpu.id} ${formatFigure(gpu.utilizationPercent)} % ${formatGib(gpu.memoryUsedBytes)} GiB ${formatFigure(gpu.powerWatts)} W`,
    ),
  ].join('  ');

/** Prints samples until Ctrl-C: on a terminal one line that is rewritten, else a line each, JSON with --json. */
const watch = async ({ client, out, signal }: CommandContext): Promise<void> => {
  try {
    for await (const sample of await client.hardware.telemetry({}, { signal })) {
      if (out.isTerminal && !out.isJson) out.progress(liveLine(sample));
      else out.line(sample, () => liveLine(sample));
    }
  } catch (error) {
    if (!signal.aborted) throw error; // Ctrl-C is how a person ends this command
  }
};

export const registerHardware = (program: Command): void => {
  program
    .command('hardware')
    .description('the CPU, memory and GPUs of this machine, and what llama.cpp sees of them')
    .option('--watch', 'live telemetry until Ctrl-C')
    .addHelpText('after', '\nExamples:\n  $ dyno hardware --json\n  $ dyno hardware --watch')
    .action((options: { watch?: boolean }, command: Command) =>
      runCommand(command, async (context) => {
        if (options.watch === true) return watch(context);
        const inventory = await context.client.hardware.inventory(
          { refresh: true },
          { signal: context.signal },
        );
        context.out.result(inventory, () => describe(inventory));
        return undefined;
      }),
    );
};

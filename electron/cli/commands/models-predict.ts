import type { Command } from 'commander';
import type { SpeedForecast, Spread } from '../../../shared/contract/forecast.ts';
import { formatCount, formatFigure, formatGib } from '../../../shared/units/format.ts';
import { readSourceArgument } from '../model-argument.ts';
import { wholeNumber } from '../number-argument.ts';
import { renderFacts } from '../render/table.ts';
import { runCommand } from '../run-command.ts';

const spreadText = ({ median, min, max, n }: Spread, unit: string, scale: number): string =>
  `${formatFigure(median / scale)} ${unit}, ${formatFigure(min / scale)} to ${formatFigure(max / scale)}, n ${n}`;

const checked = (actual: number | null, errorPercent: number | null): string =>
  actual === null || errorPercent === null
    ? ''
    : `; measured ${formatFigure(actual)} t/s, so the forecast is ${formatFigure(Math.abs(errorPercent))} % too ${errorPercent > 0 ? 'high' : 'low'}`;

const text = (forecast: SpeedForecast): string =>
  renderFacts([
    ['Model', `${forecast.name}, ${forecast.type}, ${formatGib(forecast.sizeBytes)} GiB`],
    ['From', forecast.source],
    [
      `Decode at depth ${formatCount(forecast.depth)}`,
      `${formatFigure(forecast.decodeTps)} t/s${checked(forecast.check?.decodeTps ?? null, forecast.check?.decodeErrorPercent ?? null)}`,
    ],
    [
      'Prefill',
      `${formatFigure(forecast.prefillTps)} t/s${checked(forecast.check?.prefillTps ?? null, forecast.check?.prefillErrorPercent ?? null)}`,
    ],
    [
      'Read per token',
      `${formatGib(forecast.weightBytesPerToken)} GiB of weights, ${formatGib(forecast.kvBytes)} GiB of cache`,
    ],
    [
      'Memory',
      `${spreadText(forecast.bandwidth, 'GB/s', 1e9)}, ${forecast.bandwidthProcesses} processes together`,
    ],
    ['Kernels, prefill', `${spreadText(forecast.kernels, 'Gop/s', 1e9)}, ${forecast.kernels.tensorType}`],
    [
      'Kernels, decode',
      `${spreadText(forecast.kernels.decode, 'Gop/s', 1e9)}, ${forecast.kernels.tensorType}`,
    ],
    ['Check', forecast.check === null ? 'none yet: dyno bench this model' : `run ${forecast.check.runId}`],
  ]);

export const registerPredict = (models: Command): void => {
  models
    .command('predict')
    .argument(
      '<source>',
      'a shape of dyno synth, a model (id or path), or an address as for dyno models pull',
    )
    .option('--type <type>', 'forecast for this tensor type or mix instead of that of the header')
    .option('--depth <tokens>', 'tokens in the cache before the one that is decoded', wholeNumber, 0)
    .option('--refresh', 'measure memory and kernels anew')
    .description('speed from the header alone: memory bandwidth, active bytes per token, measured kernels')
    .addHelpText(
      'after',
      '\nThe first time it measures this machine: memory for 5 s, and a small synthetic model per tensor type.' +
        '\n\nExample:\n  $ dyno models predict llama-3.1-8b --type Q4_K_M --depth 4096',
    )
    .action(
      (source: string, options: { type?: string; depth: number; refresh?: boolean }, command: Command) =>
        runCommand(command, async ({ client, out, signal }) => {
          out.progress('Reading the header and, the first time, measuring this machine');
          const forecast = await client.synth.forecast(
            {
              source: readSourceArgument(source),
              depth: options.depth,
              refresh: options.refresh === true,
              ...(options.type !== undefined && { type: options.type }),
            },
            { signal },
          );
          out.result(forecast, () => text(forecast));
        }),
    );
};

import type { Command } from 'commander';
import type { CheckedSpeed, SpeedForecast, Spread } from '../../../shared/contract/forecast.ts';
import { formatCount, formatFigure, formatGib } from '../../../shared/units/format.ts';
import { readSourceArgument } from '../model-argument.ts';
import { wholeNumber } from '../number-argument.ts';
import { renderFacts } from '../render/table.ts';
import { runCommand } from '../run-command.ts';

const spreadText = ({ median, min, max, n }: Spread, unit: string, scale: number): string =>
  `${formatFigure(median / scale)} ${unit}, ${formatFigure(min / scale)} to ${formatFigure(max / scale)}, n ${n}`;

const checked = (check: CheckedSpeed | null): string =>
  check === null
    ? ''
    : `; measured ${formatFigure(check.tokensPerSecond)} t/s, so the forecast is ${formatFigure(Math.abs(check.errorPercent))} % too ${check.errorPercent > 0 ? 'high' : 'low'}`;

const checkText = ({ check, depth }: SpeedForecast): string => {
  const runs = new Set([check.decode, check.prefill].flatMap((each) => (each === null ? [] : [each.runId])));
  const against = runs.size === 0 ? '' : `run ${[...runs].join(', ')}`;
  if (check.decode !== null) return against;
  const depths = check.otherDepths.map((each) => formatCount(each)).join(', ');
  const missing =
    depths === ''
      ? `decode not measured yet: dyno bench FILE --tg 128${depth > 0 ? ` --depth ${depth}` : ''}`
      : `decode measured at depth ${depths} only: dyno bench FILE --tg 128 --depth ${depth}`;
  return against === '' ? missing : `${against}; ${missing}`;
};

const text = (forecast: SpeedForecast): string =>
  renderFacts([
    ['Model', `${forecast.name}, ${forecast.type}, ${formatGib(forecast.sizeBytes)} GiB`],
    ['From', forecast.source],
    [
      `Decode at depth ${formatCount(forecast.depth)}`,
      `${formatFigure(forecast.decodeTps)} t/s${checked(forecast.check.decode)}`,
    ],
    ['Prefill', `${formatFigure(forecast.prefillTps)} t/s${checked(forecast.check.prefill)}`],
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
    ['Check', checkText(forecast)],
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

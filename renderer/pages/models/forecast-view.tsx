import { Button } from '@mantine/core';
import { useState } from 'react';
import type { CheckedSpeed, SpeedForecast, Spread } from '../../../shared/contract/forecast.ts';
import { formatCount, formatFigure, formatGib } from '../../../shared/units/format.ts';
import { useAction } from '../../live/use-action.ts';
import { useServices } from '../../services-context.ts';
import { KeyValues } from '../../ui/key-values.tsx';
import classes from './forecast-view.module.css';

const spread = ({ median, min, max, n }: Spread, unit: string): string =>
  `${formatFigure(median / 1e9)} ${unit}, ${formatFigure(min / 1e9)} to ${formatFigure(max / 1e9)}, n ${n}`;

const Checked = ({ check }: { readonly check: CheckedSpeed | null }) =>
  check === null ? null : (
    <span className={classes.quiet}>
      {' '}
      measured {formatFigure(check.tokensPerSecond)} ({check.test}):{' '}
      {formatFigure(Math.abs(check.errorPercent))} % too {check.errorPercent > 0 ? 'high' : 'low'}
    </span>
  );

const ForecastFigures = ({ forecast }: { readonly forecast: SpeedForecast }) => (
  <KeyValues
    items={[
      [
        `Decode at depth ${formatCount(forecast.depth)}`,
        <>
          {formatFigure(forecast.decodeTps)} t/s
          <Checked check={forecast.check.decode} />
        </>,
      ],
      [
        'Prefill',
        <>
          {formatFigure(forecast.prefillTps)} t/s
          <Checked check={forecast.check.prefill} />
        </>,
      ],
      ['Read per token', `${formatGib(forecast.weightBytesPerToken + forecast.kvBytes)} GiB`],
      ['Memory bandwidth', spread(forecast.bandwidth, 'GB/s')],
      [`Prefill kernels, ${forecast.kernels.tensorType}`, spread(forecast.kernels, 'Gop/s')],
      [`Decode kernels, ${forecast.kernels.tensorType}`, spread(forecast.kernels.decode, 'Gop/s')],
    ]}
  />
);

/** Speed of a model from its header, for a press: the first time it measures the machine for some seconds. */
export const ForecastView = ({ source, type }: { readonly source: string; readonly type?: string }) => {
  const { client } = useServices();
  const [forecast, setForecast] = useState<SpeedForecast | null>(null);
  const ask = useAction(async () => {
    setForecast(await client.synth.forecast({ source, ...(type !== undefined && { type }) }));
  });
  return (
    <div className={classes.view}>
      {forecast === null ? (
        <p className={classes.note}>
          Bandwidth by bytes per token: a forecast, not a measurement. The first one measures this machine.
        </p>
      ) : (
        <ForecastFigures forecast={forecast} />
      )}
      <div>
        <Button variant="default" size="xs" onClick={() => ask.run()} loading={ask.isRunning}>
          {forecast === null ? 'Forecast the speed' : 'Forecast again'}
        </Button>
      </div>
    </div>
  );
};

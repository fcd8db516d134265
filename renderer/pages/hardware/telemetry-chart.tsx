import { useState } from 'react';
import type { Gpu } from '../../../shared/contract/hardware.ts';
import type { TimeChartSpec, TimePanel, TimeSeries } from '../../charts/time-chart.ts';
import { TimeFigure } from '../../charts/time-figure.tsx';
import type { TelemetryFeed } from '../../live/telemetry-feed.ts';
import { useServices } from '../../services-context.ts';

const WINDOW_SECONDS = 300;

const specFor = (telemetry: TelemetryFeed, gpus: readonly Gpu[]): TimeChartSpec => {
  const line = (key: string, label: string, unit: string, panel: string, look: number): TimeSeries => ({
    label,
    unit,
    kind: 'line',
    panel,
    look,
    points: () => telemetry.series(key).points,
  });
  const sample = telemetry.latest.get();
  const hasPower = sample?.cpu.packagePowerWatts !== null || gpus.length > 0;
  const hasTemperature = sample?.cpu.temperatureC !== null || gpus.length > 0;
  const panels: TimePanel[] = [
    { id: 'load', title: 'Load (%)', weight: 1.6, max: 100 },
    { id: 'memory', title: 'Memory (GiB)', weight: 1.3 },
    ...(hasPower ? [{ id: 'power', title: 'Power (W)', weight: 1 }] : []),
    ...(hasTemperature ? [{ id: 'temperature', title: 'Temp. (°C)', weight: 1 }] : []),
  ];
  const series: TimeSeries[] = [
    line('cpu.utilization', 'CPU', '%', 'load', 0),
    line('memory.used', 'Memory used', 'GiB', 'memory', 2),
    ...(hasPower ? [line('cpu.power', 'CPU package', 'W', 'power', 0)] : []),
    ...(hasTemperature ? [line('cpu.temperature', 'CPU', '°C', 'temperature', 0)] : []),
    ...gpus.flatMap((gpu, index) => [
      line(`gpu:${gpu.id}.utilization`, `GPU ${index}`, '%', 'load', 1 + index),
      line(`gpu:${gpu.id}.memory`, `GPU ${index} memory`, 'GiB', 'memory', 3 + index),
      line(`gpu:${gpu.id}.power`, `GPU ${index}`, 'W', 'power', 1 + index),
      line(`gpu:${gpu.id}.temperature`, `GPU ${index}`, '°C', 'temperature', 1 + index),
    ]),
  ];
  const nowX = (): number => telemetry.series('cpu.utilization').points.at(-1)?.x ?? 0;
  return {
    panels,
    series,
    xTitle: 'Seconds ago',
    xTick: (x) => String(Math.round(nowX() - x)),
    range: () => ({ min: nowX() - WINDOW_SECONDS, max: nowX() }),
  };
};

/** Load, memory, power and temperature on one axis. */
export const TelemetryChart = ({ gpus }: { readonly gpus: readonly Gpu[] }) => {
  const { telemetry } = useServices();
  const [spec] = useState(() => specFor(telemetry, gpus));
  return (
    <TimeFigure
      caption="Live readings of this machine over the last five minutes."
      spec={spec}
      subscribe={telemetry.onSample}
      heightRem={23}
    />
  );
};

import { useState } from 'react';
import type { Gpu } from '../../../shared/contract/hardware.ts';
import type { TimeChartSpec, TimePanel, TimeSeries } from '../../charts/time-spec.ts';
import { TimeFigure } from '../../charts/time-figure.tsx';
import type { TelemetryFeed } from '../../live/telemetry-feed.ts';
import { useStore } from '../../live/use-store.ts';
import { useServices } from '../../services-context.ts';
import { LoadingState } from '../../ui/loading-state.tsx';

const LONGEST_SECONDS = 300;

/** A GPU whose readings arrive, with its name where the inventory knows it: a replay plays GPUs of another machine. */
interface ReadGpu {
  readonly id: string;
  readonly name: string | null;
}

const specFor = (telemetry: TelemetryFeed, gpus: readonly ReadGpu[]): TimeChartSpec => {
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
    { id: 'load', title: 'Utilization, %', weight: 1.6, max: 100 },
    { id: 'memory', title: 'Memory used, GiB', weight: 1.3 },
    ...(hasPower ? [{ id: 'power', title: 'Power, W', weight: 1 }] : []),
    ...(hasTemperature ? [{ id: 'temperature', title: 'Temperature, °C', weight: 1 }] : []),
  ];
  const series: TimeSeries[] = [
    line('cpu.utilization', 'CPU', '%', 'load', 0),
    line('memory.used', 'System memory', 'GiB', 'memory', 0),
    ...(hasPower ? [line('cpu.power', 'CPU package', 'W', 'power', 0)] : []),
    ...(hasTemperature ? [line('cpu.temperature', 'CPU', '°C', 'temperature', 0)] : []),
    ...gpus.flatMap((gpu, index) => [
      line(`gpu:${gpu.id}.utilization`, `GPU ${index}`, '%', 'load', 1 + index),
      line(`gpu:${gpu.id}.memory`, `GPU ${index} memory`, 'GiB', 'memory', 1 + index),
      line(`gpu:${gpu.id}.power`, `GPU ${index}`, 'W', 'power', 1 + index),
      line(`gpu:${gpu.id}.temperature`, `GPU ${index}`, '°C', 'temperature', 1 + index),
    ]),
  ];
  const nowX = (): number => telemetry.series('cpu.utilization').points.at(-1)?.x ?? 0;
  /** Begins with a minute and grows with what is known. */
  const windowSeconds = (): number => {
    const firstX = telemetry.series('cpu.utilization').points[0]?.x ?? nowX();
    return Math.min(LONGEST_SECONDS, Math.max(60, nowX() - firstX));
  };
  return {
    panels,
    series,
    legend: [
      { label: 'CPU and system memory', kind: 'line', look: 0 },
      ...gpus.map((gpu, index) => ({
        label: gpu.name === null ? `GPU ${index}` : `GPU ${index}: ${gpu.name}`,
        kind: 'line' as const,
        look: 1 + index,
      })),
    ],
    xTitle: 'Time ago',
    xTick: (x) => {
      const seconds = Math.round(nowX() - x);
      return seconds === 0 ? 'now' : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
    },
    xTicks: () => {
      const step = windowSeconds() > 120 ? 60 : 15;
      return Array.from(
        { length: Math.floor(windowSeconds() / step) + 1 },
        (_, index) => nowX() - index * step,
      );
    },
    range: () => ({ min: nowX() - windowSeconds(), max: nowX() }),
  };
};

const ChartOf = ({ gpus }: { readonly gpus: readonly ReadGpu[] }) => {
  const { telemetry } = useServices();
  const [spec] = useState(() => specFor(telemetry, gpus));
  return (
    <TimeFigure
      caption="Live readings of this machine over the last five minutes."
      spec={spec}
      subscribe={telemetry.onSample}
    />
  );
};

/** Load, memory, power and temperature on one axis, drawn anew only when other GPUs are read. */
export const TelemetryChart = ({ gpus }: { readonly gpus: readonly Gpu[] }) => {
  const { telemetry } = useServices();
  const sample = useStore(telemetry.latest);
  if (sample === null) return <LoadingState what="the first reading" lines={8} />;
  const read = sample.gpus.map(({ id }) => ({ id, name: gpus.find((gpu) => gpu.id === id)?.name ?? null }));
  return <ChartOf key={read.map(({ id }) => id).join()} gpus={read} />;
};

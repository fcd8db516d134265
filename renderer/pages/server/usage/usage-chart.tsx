import { useMemo } from 'react';
import { TimeFigure } from '../../../charts/time-figure.tsx';
import type { TimeChartSpec, TimeSeries } from '../../../charts/time-spec.ts';
import type { CostSeries } from './usage-cost.ts';
import type { UsageSpan, UsageStep } from './usage-span.ts';

const dayTick = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const hourTick = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

/** Ticks at most, each at the beginning of a step. */
const TICKS = 8;

const specOf = (
  span: UsageSpan,
  steps: readonly UsageStep[],
  costs: readonly CostSeries[],
): TimeChartSpec => {
  const line = (
    label: string,
    about: { readonly unit: string; readonly panel: string; readonly look: number },
    read: (step: UsageStep) => number,
  ): TimeSeries => {
    const points = steps.map((step) => ({ x: step.atMs / 1000, y: read(step) }));
    return { label, ...about, kind: 'line', hasMarks: true, points: () => points };
  };
  const tokens = (look: number) => ({ unit: 'tokens', panel: 'tokens', look });
  const requests = (look: number) => ({ unit: 'requests', panel: 'requests', look });
  const [minX, maxX] = [(steps[0]?.atMs ?? 0) / 1000, (steps.at(-1)?.atMs ?? 0) / 1000];
  const tick = span.id === 'day' ? hourTick : dayTick;
  const every = Math.ceil(steps.length / TICKS);
  const ticks = steps.flatMap(({ atMs }, index) => (index % every === 0 ? [atMs / 1000] : []));
  return {
    panels: [
      { id: 'tokens', title: `Tokens per ${span.by}`, weight: 1.6 },
      { id: 'requests', title: `Requests per ${span.by}`, weight: 1.2 },
      ...costs.map(({ currency }) => ({
        id: currency,
        title: `Cost per ${span.by}, ${currency}`,
        weight: 1,
      })),
    ],
    series: [
      line('Prompt', tokens(0), ({ promptTokens }) => promptTokens),
      line('Of them cached', tokens(1), ({ cachedTokens }) => cachedTokens),
      line('Output', tokens(2), ({ outputTokens }) => outputTokens),
      line('Requests', requests(0), (step) => step.requests),
      line('Failed', requests(3), ({ errors }) => errors),
      ...costs.map(({ currency, values }): TimeSeries => {
        const points = steps.map(({ atMs }, index) => ({ x: atMs / 1000, y: values[index] ?? 0 }));
        return {
          label: `Cost, ${currency}`,
          unit: currency,
          panel: currency,
          look: 4,
          kind: 'line',
          hasMarks: true,
          points: () => points,
        };
      }),
    ],
    legend: [
      { label: 'Prompt', kind: 'line', look: 0 },
      { label: 'Of them cached', kind: 'line', look: 1 },
      { label: 'Output', kind: 'line', look: 2 },
      { label: 'Requests', kind: 'line', look: 0 },
      { label: 'Failed', kind: 'line', look: 3 },
      ...(costs.length === 0 ? [] : [{ label: 'Cost', kind: 'line', look: 4 } as const]),
    ],
    xTitle: 'Time, UTC',
    xTick: (x) => tick.format(new Date(x * 1000)),
    xTicks: () => ticks,
    range: () => ({ min: minX, max: maxX }),
  };
};

/** Tokens and requests over time, zeros included. */
export const UsageChart = ({
  span,
  steps,
  costs,
}: {
  readonly span: UsageSpan;
  readonly steps: readonly UsageStep[];
  readonly costs: readonly CostSeries[];
}) => {
  const spec = useMemo(() => specOf(span, steps, costs), [span, steps, costs]);
  return <TimeFigure caption={`What was used per ${span.by} in the last ${span.title}, UTC.`} spec={spec} />;
};

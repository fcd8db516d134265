import type { LoadReport } from '../../../../shared/contract/load-report.ts';
import { html, type Markup } from '../../../../shared/units/markup.ts';
import { thin, timeAxis, type TimePhase, type TimePoint } from '../html/time-axis.ts';

/** A stage that was stopped is gone on with at once: the time in between is no load. */
const longestGapMs = 2000;
/** Where the clock began anew: the usual time between two ticks. */
const tickMs = 250;

/** Ticks on a time axis of their own: under load, from the first on. */
const underLoad = ({ ticks }: LoadReport) => {
  let atMs = 0;
  return ticks.map((tick, index) => {
    const passedMs = index === 0 ? 0 : tick.atMs - (ticks[index - 1]?.atMs ?? tick.atMs);
    // another process, or a machine that was started anew, has another clock
    atMs += index === 0 ? 0 : passedMs > 0 ? Math.min(passedMs, longestGapMs) : tickMs;
    return { ...tick, atMs };
  });
};

/** Speed, waiting and open requests over the time under load, with the stages as bands. */
export const loadTimeline = (report: LoadReport): Markup | undefined => {
  const ticks = underLoad(report);
  const points = (read: (tick: (typeof ticks)[number]) => readonly number[]): readonly TimePoint[] =>
    thin(ticks.flatMap((tick) => read(tick).map((value) => ({ atMs: tick.atMs, value }))));
  const phases = report.run.stages.flatMap(({ index, name }): readonly TimePhase[] => {
    const own = ticks.filter(({ stage }) => stage === index);
    const [first, last] = [own[0], own.at(-1)];
    return first === undefined || last === undefined ? [] : [{ name, fromMs: first.atMs, toMs: last.atMs }];
  });
  return timeAxis({
    caption: html`Under load <span class="unit">bands: stages</span>`,
    label: `Speed, waiting and open requests over ${phases.length} stages`,
    xTitle: 'seconds under load',
    panels: [
      {
        title: 'tokens per second',
        isLine: true,
        points: points(({ tokensPerSecond }) => [tokensPerSecond]),
      },
      { title: 'time to first token, ms', isLine: false, points: points(({ ttftsMs }) => ttftsMs) },
      { title: 'open requests', isLine: true, points: points(({ inFlight }) => [inFlight]) },
    ].filter((panel) => panel.points.length > 1),
    phases,
  });
};

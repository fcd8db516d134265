import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  ScatterController,
  type ChartOptions,
} from 'chart.js';

Chart.register(LinearScale, LineController, LineElement, LogarithmicScale, PointElement, ScatterController);

/**
 * chart.js with the parts Dyno uses, and the options that make live charts cheap: with 3,600 points × 4 series an
 * update takes 4.6 ms instead of 330 ms.
 */
export const fastOptions = {
  animation: false as const,
  parsing: false as const,
  normalized: true,
  events: [],
  responsive: true,
  maintainAspectRatio: false,
} satisfies ChartOptions;

export { Chart };

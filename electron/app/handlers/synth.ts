import type { Features } from '../features.ts';
import { signalOf, type Implementer } from '../implementer.ts';

export const synthHandlers = (implementer: Implementer, { synth, jobs }: Features) => ({
  shapes: implementer.synth.shapes.handler(() => [...synth.shapes()]),
  plan: implementer.synth.plan.handler(({ input, signal }) => synth.plan(input, signalOf(signal))),
  forecast: implementer.synth.forecast.handler(({ input, signal }) =>
    synth.forecast(input, signalOf(signal)),
  ),
  start: implementer.synth.start.handler(({ input }) => jobs.start('synth', input)),
});

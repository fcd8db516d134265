import type { Features } from '../features.ts';
import { signalOf, type Implementer } from '../implementer.ts';

export const alertHandlers = ({ alerts }: Implementer, features: Features) => ({
  state: alerts.state.handler(() => features.alerts.state()),
  setHook: alerts.setHook.handler(({ input, context }) => features.alerts.setHook(context.actor, input.hook)),
  test: alerts.test.handler(({ signal }) => features.alerts.test(signalOf(signal))),
});

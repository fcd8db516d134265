import type { Features } from '../features.ts';
import { signalOf, type Implementer } from '../implementer.ts';

export const compatHandlers = (implementer: Implementer, { compat }: Features) => ({
  run: implementer.compat.run.handler(({ input, signal, context }) =>
    context.guard(compat(input, signalOf(signal))),
  ),
});

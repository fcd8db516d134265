import type { Features } from '../features.ts';
import { signalOf, type Implementer } from '../implementer.ts';

export const hardwareHandlers = (implementer: Implementer, { hardware }: Features) => ({
  inventory: implementer.hardware.inventory.handler(({ input, signal }) =>
    hardware.inventory({ refresh: input.refresh, signal: signalOf(signal) }),
  ),
  telemetry: implementer.hardware.telemetry.handler(({ signal, context }) =>
    context.guard(hardware.watch(signalOf(signal))),
  ),
  doctor: implementer.hardware.doctor.handler(async ({ signal }) => [
    ...(await hardware.doctor(signalOf(signal))),
  ]),
});

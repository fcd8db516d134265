import type { Features } from '../features.ts';
import { guardStream, signalOf, type Implementer } from '../implementer.ts';

export const hardwareHandlers = (implementer: Implementer, { hardware }: Features) => ({
  inventory: implementer.hardware.inventory.handler(({ input, signal }) =>
    hardware.inventory({ refresh: input.refresh, signal: signalOf(signal) }),
  ),
  telemetry: implementer.hardware.telemetry.handler(({ signal }) =>
    guardStream(hardware.watch(signalOf(signal))),
  ),
  doctor: implementer.hardware.doctor.handler(async ({ signal }) => [
    ...(await hardware.doctor(signalOf(signal))),
  ]),
});

import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';

export const appHandlers = (
  implementer: Implementer,
  { info, settings, events, hardware, uploads }: Features,
) => ({
  info: implementer.app.info.handler(() => info()),
  settings: implementer.app.settings.handler(() => settings.get()),
  updateSettings: implementer.app.updateSettings.handler(async ({ input }) => {
    const next = settings.update(input);
    await hardware.setTelemetryIntervalMs(next.telemetryIntervalMs);
    return next;
  }),
  keepFile: implementer.app.keepFile.handler(({ input }) => uploads.keep(input)),
  lastSeq: implementer.app.lastSeq.handler(() => ({ seq: events.lastSeq() })),
  watch: implementer.app.watch.handler(({ input, signal, context }) =>
    context.guard(events.watch(input.afterSeq, signal)),
  ),
});

import type { Features } from '../features.ts';
import { signalOf, type Implementer } from '../implementer.ts';

export const reportHandlers = (implementer: Implementer, { reports }: Features) => ({
  make: implementer.reports.make.handler(({ input, signal }) => reports.make(input, signalOf(signal))),
  verify: implementer.reports.verify.handler(({ input }) => reports.verify(input.file)),
  diff: implementer.reports.diff.handler(({ input }) => reports.diff(input.a, input.b)),
  import: implementer.reports.import.handler(({ input }) => reports.import(input.file, input.format)),
  imported: implementer.reports.imported.handler(({ input }) => reports.imported(input.runId)),
});

import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';

export const jobHandlers = (implementer: Implementer, { jobs }: Features) => ({
  list: implementer.jobs.list.handler(() => [...jobs.list()]),
  cancel: implementer.jobs.cancel.handler(({ input }) => jobs.cancel(input.jobId)),
  pause: implementer.jobs.pause.handler(({ input }) => jobs.pause(input.jobId)),
  resume: implementer.jobs.resume.handler(({ input }) => jobs.resume(input.jobId)),
});

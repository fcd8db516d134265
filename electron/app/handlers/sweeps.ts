import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';
import { assertQuiet, startRecorded } from '../measuring-jobs.ts';

export const sweepHandlers = (implementer: Implementer, { bench: { sweeps }, jobs }: Features) => ({
  start: implementer.sweeps.start.handler(async ({ input }) => {
    assertQuiet(jobs);
    const { id } = await sweeps.start(input);
    const job = startRecorded(jobs, { kind: 'sweep', input: { sweepId: id } }, () => sweeps.remove(id));
    return { sweepId: id, jobId: job.id };
  }),
  resume: implementer.sweeps.resume.handler(({ input: { sweepId } }) => {
    assertQuiet(jobs);
    sweeps.assertResumable(sweepId);
    return { sweepId, jobId: jobs.start('sweep', { sweepId }).id };
  }),
  list: implementer.sweeps.list.handler(() => [...sweeps.list()]),
  get: implementer.sweeps.get.handler(({ input }) => sweeps.get(input.sweepId)),
  remove: implementer.sweeps.remove.handler(({ input }) => {
    sweeps.remove(input.sweepId);
    return {};
  }),
});

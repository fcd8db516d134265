import type { Features } from '../features.ts';
import { signalOf, type Implementer } from '../implementer.ts';
import { assertNotElsewhere, assertQuiet, startRecorded } from '../measuring-jobs.ts';

export const loadHandlers = (implementer: Implementer, { loads, jobs, events, reports }: Features) => ({
  shapes: implementer.load.shapes.handler(() => [...loads.shapes()]),
  start: implementer.load.start.handler(async ({ input }) => {
    assertQuiet(jobs);
    const { loadId } = await loads.start(input);
    const { id: jobId } = startRecorded(jobs, { kind: 'load', input: { loadId } }, () =>
      loads.remove(loadId),
    );
    return { loadId, jobId };
  }),
  resume: implementer.load.resume.handler(({ input }) => {
    assertQuiet(jobs);
    const { loadId, apiKey, headers } = input;
    loads.prepareResume(loadId, {
      ...(apiKey !== undefined && { apiKey }),
      ...(headers !== undefined && { headers }),
    });
    return { loadId, jobId: jobs.start('load', { loadId }).id };
  }),
  list: implementer.load.list.handler(() => [...loads.list()]),
  get: implementer.load.get.handler(({ input }) => loads.get(input.loadId)),
  samples: implementer.load.samples.handler(({ input }) => [...loads.samples(input.loadId, input.stage)]),
  ticks: implementer.load.ticks.handler(({ input }) => [...loads.ticks(input.loadId)]),
  // read in one go, so that nothing happens between its parts
  soFar: implementer.load.soFar.handler(({ input: { loadId } }) => ({
    seq: events.lastSeq(),
    run: loads.get(loadId),
    ticks: [...loads.ticks(loadId)],
  })),
  report: implementer.load.report.handler(({ input, signal }) => reports.makeLoad(input, signalOf(signal))),
  remove: implementer.load.remove.handler(({ input }) => {
    assertNotElsewhere(jobs, input.loadId);
    loads.remove(input.loadId);
    return {};
  }),
});

import { importedSummaryOf } from '../../bench/index.ts';
import type { Features } from '../features.ts';
import type { Implementer } from '../implementer.ts';
import { assertQuiet, startRecorded } from '../measuring-jobs.ts';

export const benchHandlers = (implementer: Implementer, { bench, events, info, jobs, reports }: Features) => {
  const begin = ({ runId }: { readonly runId: string }) => ({
    runId,
    jobId: startRecorded(jobs, { kind: 'bench', input: { runId } }, () => bench.remove(runId)).id,
  });
  return {
    presets: implementer.bench.presets.handler(() => [...bench.presets()]),
    start: implementer.bench.start.handler(async ({ input }) => {
      assertQuiet(jobs);
      return begin(await bench.start(input));
    }),
    calibrate: implementer.bench.calibrate.handler(async ({ input }) => {
      assertQuiet(jobs);
      return begin(await bench.calibrate({ ...input, model: input.model ?? info().bundledModelId }));
    }),
    noiseFloor: implementer.bench.noiseFloor.handler(() => bench.noiseFloors()),
    resume: implementer.bench.resume.handler(({ input }) => {
      assertQuiet(jobs);
      bench.assertResumable(input.runId);
      return { runId: input.runId, jobId: jobs.start('bench', { runId: input.runId }).id };
    }),
    list: implementer.bench.list.handler(() =>
      [...bench.list(), ...reports.listImported().map(importedSummaryOf)].toSorted(
        (a, b) => b.createdAtMs - a.createdAtMs,
      ),
    ),
    get: implementer.bench.get.handler(({ input }) => bench.get(input.runId)),
    samples: implementer.bench.samples.handler(({ input }) => [...bench.samples(input.runId, input.cellId)]),
    // read in one go, so that nothing happens between its parts
    soFar: implementer.bench.soFar.handler(({ input: { runId } }) => ({
      seq: events.lastSeq(),
      run: bench.get(runId),
      repetitions: [...bench.repetitions(runId)],
      timeline: [...bench.timeline(runId)],
    })),
    timeline: implementer.bench.timeline.handler(({ input }) => [...bench.timeline(input.runId)]),
    compare: implementer.bench.compare.handler(({ input }) =>
      reports.compare(input.runIds, input.baseModelId),
    ),
    llamaBenchTable: implementer.bench.llamaBenchTable.handler(({ input }) => ({
      text: bench.llamaBenchTable(input.runId),
    })),
    remove: implementer.bench.remove.handler(({ input }) => {
      if (reports.isImported(input.runId)) reports.removeImported(input.runId);
      else bench.remove(input.runId);
      return {};
    }),
  };
};

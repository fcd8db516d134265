import { z } from 'zod';
import {
  benchRunSchema,
  comparisonSchema,
  repetitionSchema,
  requestSampleSchema,
  timelinePointSchema,
  type BenchRun,
  type Comparison,
  type Repetition,
  type RequestSample,
  type TimelinePoint,
} from '../../../shared/contract/bench.ts';
import { canonicalJson, sha256Of } from '../workload.ts';
import { createScrubber } from './scrub.ts';

/** What a report is made of, as it lies in the store. */
export interface ReportSource {
  readonly run: BenchRun;
  readonly comparison: Comparison;
  readonly repetitions: (cellId: string) => readonly Repetition[];
  readonly samples: readonly (RequestSample & { readonly cellId: string })[];
  readonly timeline: readonly TimelinePoint[];
  /** Folder of the user, which must not appear in a report. */
  readonly homeFolder: string;
}

/** The content of a report, the same for every format; without host and user names, paths cut to file names. */
const reportContentSchema = z.object({
  schema: z.literal('dyno-report-1'),
  run: benchRunSchema,
  comparison: comparisonSchema,
  /** By cell id, warm-ups included. */
  repetitions: z.record(z.string(), z.array(repetitionSchema)),
  samples: z.array(requestSampleSchema.extend({ cellId: z.string() })),
  timeline: z.array(timelinePointSchema),
});

export interface ReportData extends z.infer<typeof reportContentSchema> {
  /** SHA-256 over the canonical JSON of all other fields: two reports with one hash tell the same. */
  readonly contentHash: string;
}

/** Cuts times to 1 µs: more digits than the clock has would be noise, and they make a third of the file. */
const cutTimes = (samples: ReportSource['samples']): ReportSource['samples'] =>
  samples.map((sample) => ({ ...sample, gapsMs: sample.gapsMs.map((gap) => Math.round(gap * 1000) / 1000) }));

/** Gathers, scrubs and seals the content. Pure. */
export const reportData = (source: ReportSource): ReportData => {
  const { run, comparison, samples, timeline } = source;
  const scrub = createScrubber({
    paths: run.models.map((model) => model.path),
    homeFolder: source.homeFolder,
  });
  const scrubbed = scrub({
    schema: 'dyno-report-1',
    run,
    comparison,
    repetitions: Object.fromEntries(run.cells.map((cell) => [cell.id, source.repetitions(cell.id)])),
    samples: cutTimes(samples),
    timeline,
  });
  const content = reportContentSchema.parse(scrubbed);
  return { ...content, contentHash: sha256Of(canonicalJson(content)) };
};

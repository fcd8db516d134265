import type { TimelinePoint } from '../../../shared/contract/bench-tick.ts';
import {
  METRICS_VERSION,
  type BenchRun,
  type Repetition,
  type RequestSample,
} from '../../../shared/contract/bench.ts';
import type { FullComparison, ImportedRun } from '../../../shared/contract/imports.ts';
import {
  reportContentSchema,
  type Report,
  type ReportContent,
  type ReportDiff,
} from '../../../shared/contract/report.ts';
import { canonicalJson, sha256Of } from '../workload.ts';
import { caveatsOf } from './caveats.ts';
import { createScrubber, type Private } from './scrub.ts';

/** A run as it lies in the store. */
export interface StoredRun {
  readonly run: BenchRun;
  readonly repetitions: (cellId: string) => readonly Repetition[];
  readonly samples: readonly (RequestSample & { readonly cellId: string })[];
  readonly timeline: readonly TimelinePoint[];
}

export interface ReportSource {
  readonly runs: readonly StoredRun[];
  readonly imported: readonly ImportedRun[];
  readonly comparison: FullComparison;
  readonly diff: ReportDiff | null;
  readonly owner: Omit<Private, 'paths'>;
  /** The owner asked to be named: nothing is scrubbed. */
  readonly includeHost: boolean;
  readonly dynoVersion: string;
}

/** Cuts times to 1 µs: more digits than the clock has would be noise, and they make a third of the file. */
export const cutTimes = <Sample extends Pick<RequestSample, 'gapsMs'>>(
  samples: readonly Sample[],
): Sample[] =>
  samples.map((sample) => ({ ...sample, gapsMs: sample.gapsMs.map((gap) => Math.round(gap * 1000) / 1000) }));

/** SHA-256 over the canonical JSON of a report's content: two reports with one hash tell the same. */
export const contentHashOf = (content: unknown): string => sha256Of(canonicalJson(content));

/** Gathers, scrubs and seals the content. Pure: the same runs give the same report. */
export const reportData = (source: ReportSource): Report => {
  const { runs, owner, includeHost } = source;
  const content = {
    schema: 'dyno-report-2',
    writtenBy: { dynoVersion: source.dynoVersion, metricsVersion: METRICS_VERSION },
    host: includeHost ? { name: owner.hostName, user: owner.userName } : null,
    runs: runs.map(({ run, repetitions, samples, timeline }) => ({
      run,
      repetitions: Object.fromEntries(run.cells.map((cell) => [cell.id, repetitions(cell.id)])),
      samples: cutTimes(samples),
      timeline,
    })),
    imported: source.imported,
    comparison: source.comparison,
    diff: source.diff,
    caveats: [],
  };
  const scrub = createScrubber({
    ...owner,
    paths: runs.flatMap(({ run }) => run.models.map((model) => model.path)),
  });
  const parsed: ReportContent = reportContentSchema.parse(includeHost ? content : scrub(content));
  const sealed: ReportContent = { ...parsed, caveats: [...caveatsOf(parsed)] };
  return { ...sealed, contentHash: contentHashOf(sealed) };
};

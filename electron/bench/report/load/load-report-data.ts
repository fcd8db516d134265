import { METRICS_VERSION } from '../../../../shared/contract/bench.ts';
import type { LoadRun, LoadSample, LoadTick } from '../../../../shared/contract/load.ts';
import {
  loadReportContentSchema,
  type LoadReport,
  type LoadReportContent,
} from '../../../../shared/contract/load-report.ts';
import { contentHashOf, cutTimes } from '../report-data.ts';
import { createScrubber, type Private } from '../scrub.ts';
import { loadCaveats } from './load-caveats.ts';

export interface LoadReportSource {
  readonly run: LoadRun;
  readonly samples: readonly (LoadSample & { readonly stage: number })[];
  readonly ticks: readonly LoadTick[];
  readonly owner: Omit<Private, 'paths'>;
  /** The owner asked to be named: nothing is scrubbed. */
  readonly includeHost: boolean;
  readonly dynoVersion: string;
}

/** Files the run names: their folders stay at home. */
const pathsOf = ({ prompts, parameters }: LoadRun): readonly string[] => [
  ...(prompts.type === 'file' ? [prompts.path] : []),
  ...Object.values(parameters).filter((value) => typeof value === 'string'),
];

/** An address without a name and password in it. */
const withoutLogin = (text: string): string => text.replaceAll(/(https?:\/\/)[^/\s@]+@/g, '$1');

/** Gathers, scrubs and seals the content. Pure: the same run gives the same report. */
export const loadReportData = (source: LoadReportSource): LoadReport => {
  const { run, owner, includeHost } = source;
  const content = {
    schema: 'dyno-load-report-1',
    writtenBy: { dynoVersion: source.dynoVersion, metricsVersion: METRICS_VERSION },
    host: includeHost ? { name: owner.hostName, user: owner.userName } : null,
    run: {
      ...run,
      target: { ...run.target, url: withoutLogin(run.target.url) },
      repeatCommand: withoutLogin(run.repeatCommand),
    },
    samples: cutTimes(source.samples),
    ticks: source.ticks,
    caveats: [],
  };
  const scrub = createScrubber({ ...owner, paths: pathsOf(run) });
  const parsed: LoadReportContent = loadReportContentSchema.parse(includeHost ? content : scrub(content));
  const sealed: LoadReportContent = { ...parsed, caveats: [...loadCaveats(parsed)] };
  return { ...sealed, contentHash: contentHashOf(sealed) };
};

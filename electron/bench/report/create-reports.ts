import { basename } from 'node:path';
import type { BenchRun, Comparison } from '../../../shared/contract/bench.ts';
import type { NoiseFloor } from '../../../shared/contract/noise-floor.ts';
import type { FullComparison, ImportedRun, ImportFormat } from '../../../shared/contract/imports.ts';
import type { LoadReportInput } from '../../../shared/contract/load-report.ts';
import type {
  DiffSide,
  Report,
  ReportDiff,
  ReportFile,
  ReportInput,
  SourceFile,
  Verification,
} from '../../../shared/contract/report.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Ports } from '../../platform/ports.ts';
import type { ImportStore, RunStore } from '../../platform/stores.ts';
import type { LoadRuns } from '../load/create-load.ts';
import { importFile } from '../import/import-file.ts';
import { withImported } from '../import/imported-rows.ts';
import { importedSource, measuredSource, type DiffSource } from './diff/diff-source.ts';
import { diffSources } from './diff/diff-sources.ts';
import { loadSource } from './diff/load-source.ts';
import { loadReportData } from './load/load-report-data.ts';
import { makeLoadReport } from './load/make-load-report.ts';
import { makeReport } from './make-report.ts';
import { readReport, unreadable } from './read-report.ts';
import { reportData, type StoredRun } from './report-data.ts';
import { verifyReport } from './verify.ts';
import type { PrintPdf } from './write-report-file.ts';

export interface ReportPorts extends Pick<Ports, 'clock' | 'random' | 'files' | 'host'> {
  readonly runs: RunStore;
  readonly imports: ImportStore;
  /** @throws AppError `bench.run-not-found` */
  readonly loads: Pick<LoadRuns, 'get' | 'samples' | 'ticks'>;
  /** @throws AppError `bench.run-not-found` */
  getRun(runId: string): BenchRun;
  /** See `Bench`. */
  noiseFloorOf(run: BenchRun): NoiseFloor | null;
  /** Of measured runs only. @throws AppError `bench.not-comparable` */
  compareRuns(runIds: readonly string[], baseModelId?: string): Comparison;
  readonly printPdf: PrintPdf;
  /** Dyno's version. */
  readonly version: string;
}

/** Reports of runs, measured here or imported, and what can be done with report files. */
export interface Reports {
  /** @throws AppError `bench.run-not-found`, `report.nothing-to-export`, `report.no-printer`, `report.print-failed` */
  make(input: ReportInput, signal: AbortSignal): Promise<ReportFile>;
  /** Of a load run. @throws AppError `bench.run-not-found`, `report.no-printer`, `report.print-failed` */
  makeLoad(input: LoadReportInput, signal: AbortSignal): Promise<ReportFile>;
  /** @throws AppError `report.unreadable`, `report.too-large`, `files.*` */
  verify(file: SourceFile): Promise<Verification>;
  /** Of two benchmarks or two load runs. @throws AppError `bench.run-not-found`, `bench.not-comparable`, `report.unreadable`, `files.*` */
  diff(a: DiffSide, b: DiffSide): Promise<ReportDiff>;
  /** @throws AppError `report.unknown-format`, `report.too-large`, `files.*` */
  import(file: SourceFile, format: ImportFormat | undefined): Promise<ImportedRun>;
  /** @throws AppError `bench.run-not-found` */
  imported(runId: string): ImportedRun;
  isImported(runId: string): boolean;
  /** Newest first. */
  listImported(): readonly ImportedRun[];
  removeImported(runId: string): void;
  /** Measured and imported runs side by side. @throws AppError `bench.run-not-found`, `bench.not-comparable` */
  compare(runIds: readonly string[], baseModelId?: string): FullComparison;
}

/** Larger files are no reports; JSON of this size still parses within a few hundred MB of memory. */
const maximumFileBytes = 128 << 20;

const readSource = async (
  files: Ports['files'],
  file: SourceFile,
): Promise<{ name: string; text: string }> => {
  if (file.type === 'text') return { name: file.fileName, text: file.text };
  const stat = await files.stat(file.path);
  if (stat === undefined)
    throw new AppError('files.not-found', `No file ${file.path}`, { hint: 'Check the path.' });
  if (stat.sizeBytes > maximumFileBytes) {
    throw new AppError('report.too-large', `${file.path} has ${Math.round(stat.sizeBytes / 2 ** 20)} MiB`, {
      hint: `Dyno reads files up to ${maximumFileBytes / 2 ** 20} MiB; export without per-request data.`,
    });
  }
  return { name: basename(file.path), text: await files.readText(file.path) };
};

/** A side of a diff; only sides of one kind have figures in common. */
interface Side {
  readonly kind: 'benchmark' | 'load run';
  readonly source: DiffSource;
}

/** One run of a report file as a side of a diff. */
const sideOfFile = (name: string, text: string, floorOf: ReportPorts['noiseFloorOf']): Side => {
  const read = readReport(name, text);
  const remarks = read.isIntact
    ? []
    : [`${name} was changed after it was written: its figures cannot be trusted.`];
  if (read.type === 'load') return { kind: 'load run', source: loadSource(read.report.run, remarks) };
  const { report } = read;
  const [run, imported] = [report.runs[0], report.imported[0]];
  const amount = report.runs.length + report.imported.length;
  if (amount !== 1) throw unreadable(name, `it holds ${amount} runs; a diff takes reports of one run`);
  if (run !== undefined)
    return { kind: 'benchmark', source: measuredSource(run, { remarks, noiseFloor: floorOf(run.run) }) };
  if (imported !== undefined) return { kind: 'benchmark', source: { ...importedSource(imported), remarks } };
  throw unreadable(name, 'it holds no run');
};

export const createReports = (ports: ReportPorts): Reports => {
  const { runs, imports, files, host } = ports;

  const owner = { homeFolder: host.homeFolder, hostName: host.hostName, userName: host.userName };

  const imported = (runId: string): ImportedRun => {
    const found = imports.get(runId);
    if (found === undefined) throw new AppError('bench.run-not-found', `No imported run ${runId}`);
    return found;
  };
  const stored = (runId: string): StoredRun => ({
    run: ports.getRun(runId),
    repetitions: (cellId) => runs.repetitions(runId, cellId),
    samples: runs.requestSamples(runId),
    timeline: runs.timeline(runId),
  });
  const sourceOfRun = (runId: string): DiffSource => {
    const found = imports.get(runId);
    if (found !== undefined) return importedSource(found);
    const { run, repetitions, samples, timeline } = stored(runId);
    return measuredSource(
      {
        run,
        repetitions: Object.fromEntries(run.cells.map((cell) => [cell.id, [...repetitions(cell.id)]])),
        samples: [...samples],
        timeline: [...timeline],
      },
      { remarks: [], noiseFloor: ports.noiseFloorOf(run) },
    );
  };
  const sideOf = async (side: DiffSide): Promise<Side> => {
    if (side.type !== 'run') {
      const { name, text } = await readSource(files, side);
      return sideOfFile(name, text, ports.noiseFloorOf);
    }
    return side.runId.startsWith('load_')
      ? { kind: 'load run', source: loadSource(ports.loads.get(side.runId), []) }
      : { kind: 'benchmark', source: sourceOfRun(side.runId) };
  };
  const split = (runIds: readonly string[]) => {
    const distinct = [...new Set(runIds)];
    const found = distinct.flatMap((runId) => imports.get(runId) ?? []);
    return { imported: found, measured: distinct.filter((runId) => imports.get(runId) === undefined) };
  };
  const compare: Reports['compare'] = (runIds, baseModelId) => {
    const parts = split(runIds);
    return withImported(ports.compareRuns(parts.measured, baseModelId), parts.imported);
  };
  const reportOf = ({ runIds, baseModelId, includeHost }: ReportInput): Report => {
    const parts = split(runIds);
    const [a, b, ...more] = [...new Set(runIds)];
    return reportData({
      runs: parts.measured.map(stored),
      imported: parts.imported,
      comparison: compare(runIds, baseModelId),
      diff:
        a !== undefined && b !== undefined && more.length === 0
          ? diffSources(sourceOfRun(a), sourceOfRun(b))
          : null,
      owner,
      includeHost,
      dynoVersion: ports.version,
    });
  };

  return {
    make: (input, signal) => makeReport(input.format, reportOf(input), ports.printPdf, signal),
    makeLoad: ({ loadId, format, includeHost }, signal) => {
      const { loads, version } = ports;
      const report = loadReportData({
        run: loads.get(loadId),
        samples: loads.samples(loadId),
        ticks: loads.ticks(loadId),
        owner,
        includeHost,
        dynoVersion: version,
      });
      return makeLoadReport(format, report, ports.printPdf, signal);
    },
    verify: async (file) => {
      const { name, text } = await readSource(files, file);
      return verifyReport(name, text);
    },
    diff: async (a, b) => {
      const [one, other] = [await sideOf(a), await sideOf(b)];
      if (one.kind === other.kind) return diffSources(one.source, other.source);
      throw new AppError('bench.not-comparable', `A is a ${one.kind}, B is a ${other.kind}.`, {
        hint: 'Give two benchmarks, or two load runs: they measure different things.',
      });
    },
    import: async (file, format) => {
      const { name, text } = await readSource(files, file);
      const run = importFile({
        id: ports.random.id('imp'),
        importedAtMs: ports.clock.nowMs(),
        fileName: name,
        text,
        format,
      });
      imports.put(run);
      return run;
    },
    imported,
    isImported: (runId) => imports.get(runId) !== undefined,
    listImported: () => imports.list(),
    removeImported: (runId) => imports.remove(imported(runId).id),
    compare,
  };
};

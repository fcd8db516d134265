import { createImplementer } from '../../../electron/app/implementer.ts';
import { importFile } from '../../../electron/bench/import/import-file.ts';
import { importedSource, measuredSource } from '../../../electron/bench/report/diff/diff-source.ts';
import { diffSources } from '../../../electron/bench/report/diff/diff-sources.ts';
import { verifyReport } from '../../../electron/bench/report/verify.ts';
import type { DiffSide, SourceFile } from '../../../shared/contract/report.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { createFakeLog } from '../fake-log.ts';
import type { FakeHost } from './state.ts';

const implementer = createImplementer(createFakeLog()).reports;

const textOf = (file: SourceFile) => {
  if (file.type === 'text') return file;
  throw new AppError('files.not-found', 'The fake host has no disk');
};

/** The product's own conversion, check and diff over the fake host's runs; only the report's text is made up. */
export const reportHandlers = (host: FakeHost) => {
  const sideOf = (side: DiffSide) => {
    if (side.type !== 'run') throw new AppError('report.unreadable', 'The fake host reads runs only');
    const imported = host.imports.find(({ id }) => id === side.runId);
    if (imported !== undefined) return importedSource(imported);
    const run = host.runs.get(side.runId);
    if (run === undefined) throw new AppError('bench.run-not-found', `No run ${side.runId}`);
    return measuredSource(
      { run, repetitions: {}, samples: [], timeline: [] },
      { remarks: [], noiseFloor: null },
    );
  };
  return {
    make: implementer.make.handler(({ input }) => ({
      fileName: `dyno-${input.runIds.join('-')}.${input.format === 'markdown' ? 'md' : input.format}`,
      mimeType: 'text/plain',
      encoding: 'utf8' as const,
      text: `report of ${input.runIds.join(', ')}`,
    })),
    verify: implementer.verify.handler(({ input }) => {
      const { fileName, text } = textOf(input.file);
      return verifyReport(fileName, text);
    }),
    diff: implementer.diff.handler(({ input }) => diffSources(sideOf(input.a), sideOf(input.b))),
    import: implementer.import.handler(({ input }) => {
      const { fileName, text } = textOf(input.file);
      const id = `imp_${host.imports.length + 1}`;
      const run = importFile({ id, importedAtMs: Date.now(), fileName, text, format: input.format });
      host.imports.push(run);
      return run;
    }),
    imported: implementer.imported.handler(({ input }) => {
      const run = host.imports.find(({ id }) => id === input.runId);
      if (run === undefined) throw new AppError('bench.run-not-found', `No run ${input.runId}`);
      return run;
    }),
  };
};

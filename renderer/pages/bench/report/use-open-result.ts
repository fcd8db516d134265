import type { SourceFile } from '../../../../shared/contract/report.ts';
import { AppError } from '../../../../shared/errors/app-error.ts';
import { useAction, type Action } from '../../../live/use-action.ts';
import { useServices } from '../../../services-context.ts';
import { pathOfDroppedFile } from '../../../transport/desktop-bridge.ts';

/** A message between page and host holds 8 MiB; a text grows a little as JSON. */
const largestTextBytes = 7 << 20;

/** The desktop tells the path and the host reads the file; a browser sends the text. */
const sourceOf = (file: File, text: string): SourceFile => {
  const path = pathOfDroppedFile(file);
  if (path !== null) return { type: 'path', path };
  if (file.size <= largestTextBytes) return { type: 'text', fileName: file.name, text };
  throw new AppError('report.too-large', `${file.name} is larger than a browser may send`, {
    hint: `Take it in with the command: dyno report import ${file.name}`,
  });
};

/** What Dyno's own reports carry, wherever they come from; anything else is a result of another tool. */
const isOwnReport = (text: string): boolean =>
  /dyno-(load-)?report-\d|dyno-requests-\d|dyno-seal:sha256:/.test(text);

/** Opens a result file: a report of Dyno is checked, a result of another tool joins the list of runs. */
export const useOpenResult = (): Action<readonly [file: File]> => {
  const { client, dialogs, notices, queries, router } = useServices();
  return useAction(async (file: File) => {
    const text = await file.text();
    const source = sourceOf(file, text);
    if (isOwnReport(text)) {
      dialogs.open({ type: 'verification', verification: await client.reports.verify({ file: source }) });
      return;
    }
    const run = await client.reports.import({ file: source });
    queries.invalidate('bench.');
    notices.done(`${file.name} is among the runs, marked as imported.`);
    router.go({ page: 'imported', runId: run.id });
  });
};

import type { ReportFormat } from '../../../../shared/contract/report.ts';
import { useAction, type Action } from '../../../live/use-action.ts';
import { useServices } from '../../../services-context.ts';
import { saveFile } from './save-file.ts';

/** Saves a report of runs; host, user and paths stay out unless asked for. */
export const useReport = (
  runIds: readonly string[],
): Action<readonly [format: ReportFormat, includeHost?: boolean]> => {
  const { client, notices } = useServices();
  return useAction(async (format: ReportFormat, includeHost = false) => {
    const file = await client.reports.make({ runIds: [...runIds], format, includeHost });
    saveFile(file);
    notices.done(`${file.fileName} is in your downloads.`);
  });
};

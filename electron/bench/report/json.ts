import type { ReportData } from './report-data.ts';

/** Everything, for programs; the content hash covers all but itself. */
export const renderJson = (data: ReportData): string => `${JSON.stringify(data, null, 2)}\n`;

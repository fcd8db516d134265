import type { Report } from '../../../shared/contract/report.ts';

/** Everything, for programs; docs/report.schema.json describes it. The content hash covers all but itself. */
export const renderJson = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`;

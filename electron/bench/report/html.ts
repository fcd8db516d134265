import type { ReportData } from './report-data.ts';

/** Placeholder until the real page below. */
export const renderHtml = (data: ReportData): string => data.run.name;

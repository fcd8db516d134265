import { z } from 'zod';
import { loadReportSchema } from './load-report.ts';
import { reportSchema } from './report.ts';

const hashed =
  'contentHash is the SHA-256 of the canonical JSON (keys sorted, no white space, UTF-8) of all other fields. Times end in Ms, sizes in Bytes, speeds in Tps (tokens per second).';

/** The form of a JSON report as JSON Schema (draft 2020-12); `docs/report.schema.json` is this. */
export const reportJsonSchema = () => ({
  $id: 'dyno-report-2',
  title: 'Dyno benchmark report',
  description: hashed,
  ...z.toJSONSchema(reportSchema, { io: 'output', reused: 'ref' }),
});

/** The same of a load run; `docs/load-report.schema.json` is this. */
export const loadReportJsonSchema = () => ({
  $id: 'dyno-load-report-1',
  title: 'Dyno report of a load run',
  description: hashed,
  ...z.toJSONSchema(loadReportSchema, { io: 'output', reused: 'ref' }),
});

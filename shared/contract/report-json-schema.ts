import { z } from 'zod';
import { reportSchema } from './report.ts';

/** The form of a JSON report as JSON Schema (draft 2020-12); `docs/report.schema.json` is this. */
export const reportJsonSchema = () => ({
  $id: 'dyno-report-2',
  title: 'Dyno benchmark report',
  description:
    'contentHash is the SHA-256 of the canonical JSON (keys sorted, no white space, UTF-8) of all other fields. Times end in Ms, sizes in Bytes, speeds in Tps (tokens per second).',
  ...z.toJSONSchema(reportSchema, { io: 'output', reused: 'ref' }),
});

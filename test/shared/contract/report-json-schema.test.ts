import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadReportJsonSchema, reportJsonSchema } from '../../../shared/contract/report-json-schema.ts';

it.each([
  ['report', reportJsonSchema],
  ['load-report', loadReportJsonSchema],
])(
  'the published schema of the JSON %s is the one the code has: run npx node scripts/docs.js',
  (name, schema) => {
    const published: unknown = JSON.parse(
      readFileSync(new URL(`../../../docs/${name}.schema.json`, import.meta.url), 'utf8'),
    );
    expect(published).toEqual(JSON.parse(JSON.stringify(schema())));
  },
);

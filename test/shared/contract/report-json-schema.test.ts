import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reportJsonSchema } from '../../../shared/contract/report-json-schema.ts';

it('the published schema of the JSON report is the one the code has: run node scripts/docs.js', () => {
  const published: unknown = JSON.parse(
    readFileSync(new URL('../../../docs/report.schema.json', import.meta.url), 'utf8'),
  );
  expect(published).toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
});

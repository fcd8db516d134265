// Writes docs/errors.md from the error table and docs/*report.schema.json from the schemas of the reports; tests keep
// them equal. Run with: npx node scripts/docs.js
import { writeFileSync } from 'node:fs';
import { loadReportJsonSchema, reportJsonSchema } from '../shared/contract/report-json-schema.ts';
import { errorTable } from '../shared/errors/table.ts';

const rows = Object.entries(errorTable).map(
  ([code, { title, http, exit, retryable, openai }]) =>
    `| \`${code}\` | ${title} | ${http} | ${exit} | ${retryable ? 'yes' : 'no'} | \`${openai.type}\` / \`${openai.code}\` |`,
);

writeFileSync(
  new URL('../docs/errors.md', import.meta.url),
  `# Errors

Every failure a user can meet, generated from \`shared/errors/table.ts\` by \`npx node scripts/docs.js\`. The message of an
error adds its particulars, its hint the next step. "Again" says that the same request may succeed later.

## Exit codes of measuring commands

\`bench\`, \`shootout\`, \`compare\`, \`sweep\`, \`quality\`, \`load\`, and \`runs resume\`, \`sweeps resume\`:

- **0**: every part was measured.
- **3** (\`bench.partly-failed\`): some parts failed. What was measured is printed as ever (with \`--json\` the document on stdout
  is the result, and the error stands in its \`state\`); the last lines on stderr name the parts, why, and the command that
  does what is missing. For \`load\` the parts are requests: the run is whole, and some of its requests failed.
- **The code of the error**, as in the table: nothing was measured.

## All errors

| code | what happened | HTTP | exit | again | OpenAI type / code |
|---|---|---|---|---|---|
${rows.join('\n')}
`,
);

const schemas = {
  'report.schema.json': reportJsonSchema(),
  'load-report.schema.json': loadReportJsonSchema(),
};
for (const [name, schema] of Object.entries(schemas)) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}

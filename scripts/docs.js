// Writes docs/errors.md from the error table and docs/report.schema.json from the report's schema; tests keep them
// equal. Run with: node scripts/docs.js
import { writeFileSync } from 'node:fs';
import { reportJsonSchema } from '../shared/contract/report-json-schema.ts';
import { errorTable } from '../shared/errors/table.ts';

const rows = Object.entries(errorTable).map(
  ([code, { title, http, exit, retryable, openai }]) =>
    `| \`${code}\` | ${title} | ${http} | ${exit} | ${retryable ? 'yes' : 'no'} | \`${openai.type}\` / \`${openai.code}\` |`,
);

writeFileSync(
  new URL('../docs/errors.md', import.meta.url),
  `# Errors

Every failure a user can meet, generated from \`shared/errors/table.ts\` by \`node scripts/docs.js\`. The message of an
error adds its particulars, its hint the next step. "Again" says that the same request may succeed later.

| code | what happened | HTTP | exit | again | OpenAI type / code |
|---|---|---|---|---|---|
${rows.join('\n')}
`,
);

writeFileSync(
  new URL('../docs/report.schema.json', import.meta.url),
  `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
);

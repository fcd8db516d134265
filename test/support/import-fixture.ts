import { readFileSync } from 'node:fs';

/** A result file of another tool; llama-bench's are the real program's output on the bundled model. */
export const importFixture = (fileName: string): string =>
  readFileSync(new URL(`../fixtures/import/${fileName}`, import.meta.url), 'utf8');

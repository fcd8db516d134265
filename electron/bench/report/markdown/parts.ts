import type { Fact } from '../../../../shared/contract/imports.ts';

/** Keeps user text from ending a table cell or starting markup. */
export const escape = (text: string): string =>
  text.replaceAll(/([\\|*_`<>[\]])/g, '\\$1').replaceAll(/\s+/g, ' ');

export const table = (heads: readonly string[], rows: readonly (readonly string[])[], left = 1): string =>
  [
    `| ${heads.join(' | ')} |`,
    `| ${heads.map((_head, index) => (index < left ? ':--' : '--:')).join(' | ')} |`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n');

export const listOf = (lines: readonly string[]): string =>
  lines.map((line) => `- ${escape(line)}`).join('\n');

export const factList = (facts: readonly Fact[]): string =>
  listOf(facts.map(({ name, value }) => `${name}: ${value}`));

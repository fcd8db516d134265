/** A line of a statement in Markdown: tokens of a kind, and what they cost in millionths. */
interface MarkdownLine {
  readonly kind: string;
  readonly tokens: number;
  readonly amountMicro: number;
}

/** What the books say of a month, whichever they are; tokens. */
interface Sums {
  readonly requests: number;
  readonly failed: number;
  readonly read: number;
  readonly cached: number;
  readonly output: number;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const micro = (text: string): number => Math.round(Number(text) * 1_000_000);

export const linesOfMarkdown = (markdown: string): readonly MarkdownLine[] =>
  markdown
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2)
    .map((line) => {
      const [, , kind = '', tokens = '', , amount = ''] = line
        .split(' | ')
        .flatMap((cell) => cell.split('| '));
      return { kind, tokens: Number(tokens), amountMicro: micro(amount) };
    });

/** What a statement in Markdown adds up to, read from its lines. */
export const sumsOfMarkdown = (markdown: string): Sums => {
  const lines = linesOfMarkdown(markdown);
  const tokensOf = (kind: string): number =>
    sumOf(lines.flatMap((line) => (line.kind === kind ? [line.tokens] : [])));
  const [, requests = '', failed = ''] = /^(\d+) requests, (\d+) of them failed\./mu.exec(markdown) ?? [];
  return {
    requests: Number(requests),
    failed: Number(failed),
    read: tokensOf('prompt, read'),
    cached: tokensOf('prompt, cached'),
    output: tokensOf('output'),
  };
};

/** What the rows of the ledger add up to, read from its CSV; none of the cells summed here has a comma. */
export const sumsOfLedger = (csv: string): Sums => {
  const [head = '', ...lines] = csv.split('\r\n');
  const names = head.split(',');
  const rows = lines.map((line) => new Map(line.split(',').map((cell, index) => [names[index], cell])));
  const total = (name: string): number => sumOf(rows.map((row) => Number(row.get(name))));
  return {
    requests: rows.length,
    failed: rows.filter((row) => row.get('errorCode') !== '').length,
    read: total('promptTokens') - total('cachedTokens'),
    cached: total('cachedTokens'),
    output: total('outputTokens'),
  };
};

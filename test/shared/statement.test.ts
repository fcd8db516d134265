import { describe, expect, it } from 'vitest';
import type { PriceSheet, UsageDay } from '../../shared/contract/prices.ts';
import { makeStatement } from '../../shared/units/make-statement.ts';
import { statementHtml } from '../../shared/units/statement-html.ts';
import { statementCsv, statementMarkdown } from '../../shared/units/statement-text.ts';
import { priceSheet as sheet } from '../support/price-sheet.ts';

const day = (given: Partial<UsageDay> = {}): UsageDay => ({
  day: '2026-11-25',
  model: 'demo',
  requests: 2,
  errors: 1,
  promptTokens: 1_000,
  cachedTokens: 400,
  outputTokens: 50,
  tiers: { none: 0, prefix: 1, exact: 0 },
  energy: { joules: 0, requests: 0 },
  ...given,
});
const head = {
  tenantId: 'a',
  tenantName: 'Lab | 3',
  keyName: null,
  month: '2026-11',
  currency: 'EUR',
  madeAtMs: Date.UTC(2026, 11, 1, 9, 5),
};
/** Nothing was priced when it was written. */
const unpriced = (days: readonly UsageDay[]) => ({ days, priced: [] });
const amounts = (days: readonly UsageDay[], sheets: readonly PriceSheet[]) =>
  makeStatement(head, unpriced(days), sheets).lines.map(({ kind, tokens, amountMicro }) => [
    kind,
    tokens,
    amountMicro,
  ]);

it('prices each kind of token, worked out by hand', () => {
  // 600 × 0.25, 400 × 0.05 and 50 × 1 for a million: 150, 20 and 50 millionths
  expect(amounts([day()], [sheet()])).toEqual([
    ['prompt', 600, 150],
    ['cached', 400, 20],
    ['output', 50, 50],
  ]);
  expect(makeStatement(head, unpriced([day()]), [sheet()])).toMatchObject({
    totalMicro: 220,
    requests: 2,
    errors: 1,
    tiers: { none: 0, prefix: 1, exact: 0 },
    unpricedTokens: 0,
  });
});

it('rounds a line once, not each day of it', () => {
  // a token at 0.4 for a million is 0.4 millionths: no day alone makes one, three days make 1.2
  const days = ['01', '02', '03'].map((at) =>
    day({ day: `2026-11-${at}`, promptTokens: 1, cachedTokens: 0, outputTokens: 0 }),
  );
  expect(amounts(days, [sheet({ promptMicro: 400_000 })])).toEqual([['prompt', 3, 1]]);
});

it('stays exact past what a float holds', () => {
  // 123456789 × 987654321 = 121932631112635269, beyond 2^53
  const days = [day({ promptTokens: 123_456_789, cachedTokens: 0, outputTokens: 0 })];
  expect(amounts(days, [sheet({ promptMicro: 987_654_321 })])).toEqual([
    ['prompt', 123_456_789, 121_932_631_113],
  ]);
});

it('takes the own name before a pattern, the longer pattern, and the latest day that has come', () => {
  const price = (sheets: readonly PriceSheet[]) =>
    makeStatement(head, unpriced([day()]), sheets).lines.map(
      ({ sheet: used }) => `${used?.model} ${used?.fromDay}`,
    )[0];
  const any = sheet({ model: '*' });
  const near = sheet({ model: 'de*' });
  expect(price([any, near, sheet()])).toBe('demo 2026-11-01');
  expect(price([any, near])).toBe('de* 2026-11-01');
  expect(price([sheet(), sheet({ fromDay: '2026-11-20' }), sheet({ fromDay: '2026-11-26' })])).toBe(
    'demo 2026-11-20',
  );
});

it('never takes what has no price for free', () => {
  const statement = makeStatement(head, unpriced([day()]), [sheet({ currency: 'USD' })]);
  expect(statement).toMatchObject({ totalMicro: 0, unpricedTokens: 1_050 });
  expect(statementMarkdown(statement)).toContain('Not in the total: 1,050 tokens without a price in EUR.');
  expect(statementCsv(statement)).toContain('a,,2026-11,demo,prompt,600,,,EUR,');
});

it('is a table in Markdown that no name breaks', () => {
  expect(
    statementMarkdown(makeStatement(head, unpriced([day({ model: 'de|mo' })]), [sheet({ model: '*' })])),
  ).toBe(
    [
      '# Statement of Lab \\| 3 (a), 2026-11 (UTC)',
      '',
      '2 requests, 1 of them failed. 0 answered from the response cache, 1 with a part of the prompt in the prefix cache; 1 from before this was kept.',
      '',
      'Energy: not measured.',
      '',
      '| Model | Tokens | Quantity | EUR per million | Amount, EUR | Price sheet |',
      '| --- | --- | ---: | ---: | ---: | --- |',
      '| de\\|mo | prompt, read | 600 | 0.250000 | 0.000150 | * from 2026-11-01, set later |',
      '| de\\|mo | prompt, cached | 400 | 0.050000 | 0.000020 | * from 2026-11-01, set later |',
      '| de\\|mo | output | 50 | 1.000000 | 0.000050 | * from 2026-11-01, set later |',
      '',
      'Total: 0.000220 EUR',
      '',
      'Set later: no price held when these tokens were used; they cost what is set now.',
    ].join('\n'),
  );
});

it('speaks of one request and one token as of one', () => {
  const alone = { requests: 1, errors: 0, promptTokens: 1, cachedTokens: 0, outputTokens: 0 };
  const energy = { joules: 2, requests: 1 };
  const statement = makeStatement(head, unpriced([day({ ...alone, energy })]), []);
  for (const text of [statementMarkdown(statement), statementHtml(statement)]) {
    for (const said of [
      '1 request, 0 of them failed.',
      'measured in 1 of 1 request.',
      '1 token without a price',
    ])
      expect(text).toContain(said);
  }
});

describe('as a page of its own', () => {
  /** Rows of its table, the text of each cell, tags and line breaks left out. */
  const cells = (page: string): readonly (readonly string[])[] =>
    [...page.matchAll(/<tr>(.*?)<\/tr>/gsu)].map(([, row = '']) =>
      [...row.matchAll(/<t[hd].*?>(.*?)<\/t[hd]>/gsu)].map(([, text = '']) =>
        text
          .replaceAll(/<[^>]+>/gu, '')
          .replaceAll(/\s+/gu, ' ')
          .trim(),
      ),
    );

  it('has each line, the total, whose it is and when it was worked out', () => {
    const page = statementHtml(
      makeStatement({ ...head, keyId: 'k1', keyName: 'nightly' }, unpriced([day()]), [sheet()]),
    );
    expect(cells(page).slice(1)).toEqual([
      ['demo', 'prompt, read', '600', '0.250000', '0.000150', 'demo from 2026-11-01, set later'],
      ['demo', 'prompt, cached', '400', '0.050000', '0.000020', 'demo from 2026-11-01, set later'],
      ['demo', 'output', '50', '1.000000', '0.000050', 'demo from 2026-11-01, set later'],
      ['Total, EUR', '0.000220', ''],
    ]);
    for (const text of ['nightly <span class="mono">k1</span>', 'Lab | 3', '2026-12-01 09:05 UTC'])
      expect(page).toContain(text);
    expect(page).not.toContain('Not in the total');
  });

  it('lets no name become markup, asks for nothing, and says what has no price', () => {
    const page = statementHtml(
      makeStatement(
        { ...head, tenantName: '<script>alert(1)</script>' },
        unpriced([day({ model: '<b>"x"' })]),
        [],
      ),
    );
    expect(page).not.toMatch(/<script|<b>|src=|href=|url\(/u);
    expect(page).toContain('&lt;b&gt;&quot;x&quot;');
    expect(cells(page)[1]?.slice(3, 5)).toEqual(['no price', 'no price']);
    expect(page.replaceAll(/\s+/gu, ' ')).toContain('Not in the total: 1,050 tokens without a price in EUR.');
  });
});

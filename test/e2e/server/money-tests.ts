import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { noFaults, type UserSession } from '../../support/user-session.ts';
import { expectSound } from './expect-sound.ts';
import { linesOfMarkdown, sumsOfLedger, sumsOfMarkdown } from './read-books.ts';

/** Prices, statements, budgets and alerts, of what the tests before have used. */
export const testMoney = (session: () => UserSession): void => {
  /** A day in the month before last, so that a price reaches back into months that are over. */
  const now = new Date();
  const fromDay = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 2, 3))
    .toISOString()
    .slice(0, 10);

  const openTab = async (name: string): Promise<void> => {
    await session().page.getByRole('tab', { name, exact: true }).click();
  };

  /** Presses a button that saves a file; what the browser saved. */
  const save = async (name: string): Promise<string> => {
    const { page } = session();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name, exact: true }).click(),
    ]);
    return readFileSync(await download.path(), 'utf8');
  };

  it('sets a price by a form that says what is wrong, and tells which past months it changes', async () => {
    const { page } = session();
    await openTab('Costs');
    await page.getByText('No price is set yet.').waitFor();
    expect(await session().look('costs-empty')).toEqual(noFaults);
    await page.getByRole('button', { name: 'Set the first price' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Prompt', { exact: true }).fill('0,25');
    await dialog.getByRole('button', { name: 'Set the price' }).click();
    await dialog.getByText('Name a model, or * for all').waitFor();
    await dialog.getByText('A price up to 1000 with at most six decimals').first().waitFor();
    await dialog.getByLabel('Model').fill('dyno*');
    await dialog.getByLabel('Prompt', { exact: true }).fill('0.25');
    await dialog.getByLabel('Output').fill('1');
    await dialog.getByLabel('From').fill(fromDay);
    await dialog.getByText(`This reaches back into ${fromDay.slice(0, 7)} to`).waitFor();
    expect(await session().look('new-price')).toEqual(noFaults);
    await dialog.getByRole('button', { name: 'Set the price' }).click();
    await page.getByRole('row', { name: /dyno\* .* EUR 0\.250000 0\.250000 1\.000000/u }).waitFor();
  });

  it('makes a statement of it, which adds up, and saves it as a page, as CSV and as Markdown', async () => {
    const { page } = session();
    const table = page.getByRole('group', { name: 'Statement' });
    await table.getByText('set later').first().waitFor();
    const lines = (await save('Save the statement as CSV'))
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(','));
    const amounts = lines.map((line) => Math.round(Number(line[7]) * 1_000_000));
    // tokens × 0.25 or 1 for a million are so many millionths, half a one up
    expect(amounts).toEqual(
      lines.map(([, , , , kind, tokens]) => Math.round(Number(tokens) * (kind === 'output' ? 1 : 0.25))),
    );
    const total = (amounts.reduce((sum, amount) => sum + amount, 0) / 1_000_000).toFixed(6);
    await page.getByText(total, { exact: true }).waitFor();
    expect(await save('Save the statement as HTML')).toContain(`<td class="figure">${total}</td>`);
    const markdown = await save('Save the statement as Markdown');
    expect(markdown).toContain(`\nTotal: ${total} EUR\n`);
    expect(linesOfMarkdown(markdown).map(({ amountMicro }) => amountMicro)).toEqual(amounts);
    await openTab('Usage');
    await page.getByText('as priced when the requests came').waitFor();
    expect(sumsOfMarkdown(markdown)).toEqual(sumsOfLedger(await save('Save as CSV')));
  });

  it('changes a price, and what came before any was set costs what is set now', async () => {
    const { page } = session();
    await openTab('Costs');
    await page.getByRole('button', { name: `Change the price of dyno* in EUR from ${fromDay}` }).click();
    const dialog = page.getByRole('dialog', { name: 'Price of dyno*' });
    expect(await dialog.getByLabel('Model').isDisabled()).toBe(true);
    expect(await dialog.getByLabel('Prompt', { exact: true }).inputValue()).toBe('0.25');
    await dialog.getByLabel('Prompt, cached').fill('free');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('A price up to 1000 with at most six decimals').waitFor();
    await dialog.getByLabel('Prompt, cached').fill('0.05');
    await dialog.getByLabel('Output').fill('2');
    await dialog.getByText(`This reaches back into ${fromDay.slice(0, 7)} to`).waitFor();
    expect(await session().look('change-price')).toEqual(noFaults);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /dyno\* .* EUR 0\.250000 0\.050000 2\.000000/u }).waitFor();
    const table = page.getByRole('group', { name: 'Statement' });
    await table
      .getByRole('row', { name: / output .* 2\.000000 /u })
      .first()
      .waitFor();
    const cents = new Map([
      ['prompt, read', 25],
      ['prompt, cached', 5],
      ['output', 200],
    ]);
    const lines = linesOfMarkdown(await save('Save the statement as Markdown'));
    expect(lines.map(({ amountMicro }) => amountMicro)).toEqual(
      lines.map(({ kind, tokens }) => Math.round((tokens * (cents.get(kind) ?? NaN)) / 100)),
    );
  });

  it('puts this machine beside the price, and says what each figure rests on', async () => {
    const { page } = session();
    await openTab('Costs');
    await page.getByRole('button', { name: 'Say what it costs' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('A price up to 1000 with at most six decimals, as 0.32').waitFor();
    await dialog.getByLabel('A kilowatt-hour').fill('0.32');
    await dialog.getByLabel('Hardware').fill('2400');
    await dialog.getByLabel('Assumed power, W').fill('180');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /^This machine .*(assumed power|measured)/u }).waitFor();
    await page.getByRole('row', { name: /^dyno\* from/u }).waitFor();
    await page.getByRole('heading', { name: 'This machine, last 30 days' }).scrollIntoViewIfNeeded();
    await expectSound(session(), 'costs');
  });

  it('sets a budget, draws what is used of it, tells when it is used up, raises it, and takes it away', async () => {
    const { page } = session();
    await openTab('Budgets');
    await page.getByRole('button', { name: 'Set the first budget' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tokens').fill('many');
    await dialog.getByRole('button', { name: 'Set the budget' }).click();
    await dialog.getByText('A whole number of tokens').waitFor();
    await dialog.getByLabel('Tokens').fill('50');
    expect(await session().look('new-budget')).toEqual(noFaults);
    await dialog.getByRole('button', { name: 'Set the budget' }).click();
    await page
      .getByRole('row', { name: /^Default.*month.*50 tokens.*used up: requests are refused/u })
      .waitFor();
    await openTab('Playground');
    await page.getByRole('textbox', { name: 'Message' }).fill('Hello');
    await page.keyboard.press('Enter');
    await page.getByText('100 % of the budget of tenant default').waitFor();
    await openTab('Budgets');
    await page.getByTitle('told at 80 %').waitFor();
    await expectSound(session(), 'budgets');
    // an alert stays until it is closed, and is newer than what goes by itself
    const closing = page.getByRole('button', { name: 'Close message' });
    while ((await closing.count()) > 0) await closing.first().click();
    await page.getByRole('button', { name: 'Change the budget of Default, month, tokens' }).click();
    expect(await dialog.getByRole('combobox', { name: 'Of' }).isDisabled()).toBe(true);
    expect(await dialog.getByLabel('Tokens').inputValue()).toBe('50');
    await dialog.getByLabel('Tokens').fill('2,000,000');
    await dialog.getByLabel('Tell at, %').fill('90');
    expect(await session().look('change-budget')).toEqual(noFaults);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /^Default.*month.*2,000,000 tokens.*has room/u }).waitFor();
    await page.getByTitle('will be told at 90 %').waitFor();
    await openTab('Playground');
    await page.getByRole('textbox', { name: 'Message' }).fill('Hello again');
    await page.keyboard.press('Enter');
    await page.getByText('ended by stop').first().waitFor();
    await openTab('Budgets');
    await page.getByRole('button', { name: /^Remove the budget of Default/u }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('No budget is set').waitFor();
  });

  it('takes where alerts are sent, tries it, and says why it was not taken', async () => {
    const { page } = session();
    await openTab('Budgets');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('It must be an http or https address.').waitFor();
    await page.getByLabel('Webhook').fill('http://127.0.0.1:9/hook');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText(/was not taken .*which is on this machine or its network/u).waitFor();
    await page.getByRole('button', { name: 'Send nowhere' }).click();
    await page.getByRole('button', { name: 'Send a test' }).waitFor({ state: 'detached' });
  });
};

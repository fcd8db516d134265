import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAdapter } from '../support/lora-adapter.ts';
import { makeHome } from '../support/open-app.ts';
import { demoModelPath } from '../support/real-pool.ts';
import { noFaults, startUserSession, type UserSession } from '../support/user-session.ts';

/** The server's page on the real host with the bundled model: one session, each test goes on where the last one ended. */
let session: UserSession;
beforeAll(async () => {
  session = await startUserSession('server');
  await session.openPage('Server');
  await session.page.getByRole('button', { name: 'Turn on' }).click();
  await session.page.getByRole('heading', { name: 'Call it' }).waitFor();
});
afterAll(() => session[Symbol.asyncDispose]());

describe('the server’s page', () => {
  it('looks into a request: its figures always, what it said only while it is recorded', async () => {
    const { page } = session;
    const say = async (text: string): Promise<void> => {
      await page.getByRole('textbox', { name: 'Message' }).fill(text);
      await page.keyboard.press('Enter');
      await page.getByText('ended by stop').last().waitFor();
    };
    const inspect = async (): Promise<void> => {
      await page
        .getByRole('button', { name: /^Look into request/u })
        .first()
        .click();
      await page.getByRole('dialog', { name: 'Request' }).waitFor();
    };
    await say('Hello');
    await inspect();
    await page.getByText('Nothing that requests say is kept.').waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('switch', { name: 'Record what requests say' }).click();
    await page.getByRole('button', { name: 'New chat' }).click();
    await say('Hello there');
    await inspect();
    const dialog = page.getByRole('dialog', { name: 'Request' });
    await dialog.getByLabel('rendered prompt', { exact: true }).waitFor();
    expect(await dialog.getByLabel('body', { exact: true }).textContent()).toContain('"Hello there"');
    expect(await dialog.getByLabel('rendered prompt', { exact: true }).textContent()).toContain(
      '<|im_start|>user',
    );
    expect(await dialog.getByLabel('content', { exact: true }).textContent()).not.toBe('');
    expect(await session.look('request')).toEqual(noFaults);
    await page.keyboard.press('Escape');
    await page.getByRole('switch', { name: 'Record what requests say' }).click();
    await inspect();
    await page.getByText('Nothing that requests say is kept.').waitFor();
    await page.keyboard.press('Escape');
  });

  it('runs the compatibility checks against itself with the owner’s own key, and stops when told', async () => {
    const { page } = session;
    await page.getByRole('tab', { name: 'Compatibility' }).click();
    await page.getByRole('button', { name: 'Check', exact: true }).click();
    await page.getByRole('row', { name: /chat\.whole ● passed/u }).waitFor();
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const told = await page.getByRole('status').filter({ hasText: 'checks passed' }).textContent();
    expect(told).toMatch(/^Stopped\. (\d+) of \1 checks passed, 0 failed/u);
    await page.setViewportSize({ width: 1024, height: 900 });
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await session.look('compat-dark')).toEqual(noFaults);
    await page.getByRole('tab', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Requests' }).scrollIntoViewIfNeeded();
    expect(await session.look('overview-dark')).toEqual(noFaults);
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1440, height: 1100 });
    expect(await session.look('overview')).toEqual(noFaults);
  });

  it('serves two quantizations at one address, and asks both the same side by side', async () => {
    const { page } = session;
    await session.openPage('Models');
    await page.keyboard.press('ControlOrMeta+k');
    await page.getByRole('combobox', { name: 'Search actions' }).fill('Quantize dyno-demo');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Quantize/u });
    await dialog.getByText('Q8_0', { exact: true }).click();
    await dialog.getByRole('button', { name: 'Make Q8_0' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /dyno-demo-4m-Q8_0/u }).waitFor();
    await session.openPage('Server');
    await page.getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('combobox', { name: 'Beside it' }).click();
    await page.getByRole('option', { name: 'dyno-demo-4m-Q8_0', exact: true }).click();
    await using scratch = await makeHome();
    const style = await writeAdapter({ model: demoModelPath, path: join(scratch.path, 'style.gguf') });
    await page.getByRole('combobox', { name: 'LoRA adapters' }).fill(`${style}=0`);
    await page.keyboard.press('Enter');
    expect(await session.look('start-with-adapter')).toEqual(noFaults);
    await page.getByRole('button', { name: 'Turn on' }).click();
    await page.getByRole('heading', { name: 'Call it' }).waitFor();
    await page.getByText('adapter 0: style.gguf at scale 0').waitFor();
    await page.getByRole('tab', { name: 'Playground' }).click();
    await page.getByRole('textbox', { name: 'Message' }).fill('Hello');
    await page.keyboard.press('Enter');
    for (const id of ['dyno-demo-4m-f16', 'dyno-demo-4m-Q8_0']) {
      const log = page.getByRole('log', { name: `Conversation with ${id}` });
      await log.getByText('ended by stop').waitFor();
      expect(await log.textContent()).toMatch(/TTFT.*ms.*TPS.*t\/s/u);
    }
    expect(await session.look('side-by-side')).toEqual(noFaults);
  });

  it('shows what was used over time and by whom, and saves it', async () => {
    const { page } = session;
    await page.getByRole('tab', { name: 'Usage' }).click();
    await page
      .getByRole('row', { name: /dyno|owner|[a-z0-9]{12}/u })
      .first()
      .waitFor();
    await page
      .getByText('by model')
      .or(page.getByText('model', { exact: true }))
      .first()
      .click();
    await page.getByRole('row', { name: /^dyno-demo-4m-Q8_0/u }).waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as CSV' }).click(),
    ]);
    const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
    expect(lines[0]).toMatch(/^requestId,atMs,route,keyId/u);
    expect(lines.filter((line) => line.includes('dyno-demo-4m-Q8_0')).length).toBeGreaterThan(0);
    expect(await session.look('usage')).toEqual(noFaults);
  });
});

/** The page in light and wide, then in dark and narrow. */
const expectSound = async (name: string): Promise<void> => {
  const { page } = session;
  const light = await session.look(name);
  await page.setViewportSize({ width: 1024, height: 900 });
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await session.look(`${name}-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
  expect([light, dark]).toEqual([noFaults, noFaults]);
};

describe('money by mouse', () => {
  /** A day in the month before last, so that a price reaches back into months that are over. */
  const now = new Date();
  const fromDay = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 2, 3))
    .toISOString()
    .slice(0, 10);

  const openTab = async (name: string): Promise<void> => {
    await session.page.getByRole('tab', { name, exact: true }).click();
  };

  it('sets a price by a form that says what is wrong, and tells which past months it changes', async () => {
    const { page } = session;
    await openTab('Costs');
    await page.getByText('No price is set yet.').waitFor();
    expect(await session.look('costs-empty')).toEqual(noFaults);
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
    expect(await session.look('new-price')).toEqual(noFaults);
    await dialog.getByRole('button', { name: 'Set the price' }).click();
    await page.getByRole('row', { name: /dyno\* .* EUR 0\.250000 0\.250000 1\.000000/u }).waitFor();
  });

  it('makes a statement of it, which adds up, and saves it as a page and as CSV', async () => {
    const { page } = session;
    const table = page.getByRole('group', { name: 'Statement' });
    await table.getByText('set later').first().waitFor();
    const save = async (format: string): Promise<string> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: `Save the statement as ${format}` }).click(),
      ]);
      return readFileSync(await download.path(), 'utf8');
    };
    const lines = (await save('CSV'))
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
    expect(await save('HTML')).toContain(`<td class="figure">${total}</td>`);
    await openTab('Usage');
    await page.getByText('as priced when the requests came').waitFor();
  });

  it('puts this machine beside the price, and says what each figure rests on', async () => {
    const { page } = session;
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
    await expectSound('costs');
  });

  it('sets a budget, draws what is used of it, tells when it is used up, and takes it away', async () => {
    const { page } = session;
    await openTab('Budgets');
    await page.getByRole('button', { name: 'Set the first budget' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Tokens').fill('many');
    await dialog.getByRole('button', { name: 'Set the budget' }).click();
    await dialog.getByText('A whole number of tokens').waitFor();
    await dialog.getByLabel('Tokens').fill('50');
    expect(await session.look('new-budget')).toEqual(noFaults);
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
    await expectSound('budgets');
    // an alert stays until it is closed, and is newer than what goes by itself
    const closing = page.getByRole('button', { name: 'Close message' });
    while ((await closing.count()) > 0) await closing.first().click();
    await page.getByRole('button', { name: /^Remove the budget of Default/u }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('No budget is set').waitFor();
  });

  it('takes where alerts are sent, tries it, and says why it was not taken', async () => {
    const { page } = session;
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
});

describe('keys by mouse', () => {
  let address = '';
  let secret = '';

  const ask = (body: object): Promise<Response> =>
    fetch(`${address}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: 'dyno-demo-4m-f16',
        messages: [{ role: 'user', content: 'Hello' }],
        ...body,
      }),
    });
  /** Sixteen answers as long as the context: not done before somebody ends them. */
  const askForever = () => ask({ stream: true, ignore_eos: true, n: 16, temperature: 1 });

  const openTab = async (name: string): Promise<void> => {
    await session.page.getByRole('tab', { name, exact: true }).click();
  };
  beforeAll(async () => {
    await session.page.setViewportSize({ width: 1440, height: 900 });
    await openTab('Overview');
    address = (await session.page.getByText(/^http:\/\/127\.0\.0\.1:\d+\/v1$/u).textContent()) ?? '';
  });

  it('makes a tenant and a project by a form that says what is wrong beside the field', async () => {
    const { page } = session;
    await openTab('Tenants');
    await page.getByRole('button', { name: 'New tenant' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Make the tenant' }).click();
    await dialog.getByText('Give it a name').waitFor();
    await dialog.getByLabel('Name').fill('Research group');
    expect(await dialog.getByLabel('Id').inputValue()).toBe('research-group');
    await dialog.getByLabel('Tokens a minute').fill('100,000');
    await dialog.getByRole('button', { name: 'Make the tenant' }).click();
    await page.getByRole('button', { name: 'New project in Research group' }).click();
    await dialog.getByLabel('Name').fill('Chatbot');
    await dialog.getByRole('button', { name: 'Make the project' }).click();
    await page.getByRole('row', { name: /Research group.*Chatbot.*100,000 tokens\/min/u }).waitFor();
    const row = page.getByRole('row', { name: /Research group/u });
    await row.getByRole('button', { name: 'Suspend… Research group' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('unpaid invoice');
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend', exact: true }).click();
    await row.getByText(/^suspended .*: unpaid invoice$/u).waitFor();
    await expectSound('tenants');
    await row.getByRole('button', { name: 'Resume… Research group' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume', exact: true }).click();
    await row.getByText(/^suspended/u).waitFor({ state: 'detached' });
  });

  it('makes a key by mouse, shows it once, and its first answer stands in the request table under its name', async () => {
    const { page } = session;
    await openTab('Keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('nightly');
    await session.chooseOption('Tenant', 'Research group');
    await session.chooseOption('Project', 'Chatbot');
    await dialog.getByLabel('Requests a minute').fill('many');
    await dialog.getByText('A whole number from 1').waitFor();
    await dialog.getByLabel('Requests a minute').fill('3');
    expect(await session.look('new-key')).toEqual(noFaults);
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    secret = (await dialog.getByText(/^dyno_/u).textContent()) ?? '';
    await dialog.getByText('it will not be shown again').waitFor();
    expect(await session.look('secret')).toEqual(noFaults);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('row', { name: /nightly.*active.*developer.*3 requests\/min/u }).waitFor();
    expect(await page.content()).not.toContain(secret);

    expect((await ask({ max_tokens: 4 })).status).toBe(200);
    await page.getByRole('button', { name: 'Show: Roles' }).click();
    await expectSound('keys');
    await openTab('Overview');
    await page.getByRole('row', { name: /nightly.*200/u }).waitFor();
    // it was priced as it came
    await openTab('Usage');
    await page
      .getByText(/^0\.0000\d+ EUR/u)
      .first()
      .waitFor();
    await expectSound('usage-cost');
  });

  it('shows what is left of a limit, and changes it in its row', async () => {
    const { page } = session;
    await openTab('Limits');
    await page.getByRole('row', { name: /nightly.*[01] used, [23] left/u }).waitFor();
    await page.getByRole('button', { name: 'Edit limits of nightly' }).click();
    await page.getByLabel('Requests at once of nightly').fill('2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /nightly.*0 in flight, 2 left/u }).waitFor();
    await expectSound('limits');
  });

  it('cancels a stream by mouse, and revoking the key by mouse ends its stream and refuses it from then on', async () => {
    const { page } = session;
    await openTab('Overview');
    const cancelled = await askForever();
    expect(cancelled.status).toBe(200);
    await page
      .getByRole('button', { name: /^Cancel request/u })
      .first()
      .click();
    expect(await cancelled.text()).not.toContain('[DONE]');
    await page.getByRole('row', { name: /nightly.*cancelled/u }).waitFor();

    const running = await askForever();
    await openTab('Keys');
    await page.getByRole('button', { name: 'Revoke nightly' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    expect(await running.text()).toContain('invalid_api_key');
    expect((await ask({})).status).toBe(401);
    await page.getByRole('switch', { name: 'Show 1 ended' }).click();
    await page.getByRole('row', { name: /nightly.*revoked/u }).waitFor();
  });

  it('keeps all of it in the audit log, which can be filtered and copied as CSV', async () => {
    const { page } = session;
    await openTab('Audit');
    await page.getByRole('row', { name: /revoked a key/u }).waitFor();
    await page.getByText(/^✓ All \d+ lines are as they were written\.$/u).waitFor();
    await expectSound('audit');
    await session.chooseOption('What', 'made a tenant');
    await page.getByRole('row', { name: /made a tenant.*research-group/u }).waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy as CSV' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    const [head, ...lines] = copied.split('\r\n');
    expect([head, lines.length]).toEqual([
      'seq,time,actor,actor_key,action,tenant,subject,details,hash',
      2, // the line, and what follows the last line break
    ]);
    expect(lines[0]).toMatch(/^\d+,\d{4}-.*Z,host,,tenant\.created,research-group,research-group,/u);
  });
});

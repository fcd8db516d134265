import { afterAll, beforeAll, expect, it } from 'vitest';
import { noFaults, startUserSession, type UserSession } from '../support/user-session.ts';

/** Keys by mouse on the real host with the bundled model: one session, each test goes on where the last one ended. */
let session: UserSession;
let address = '';
let secret = '';

const ask = (body: object): Promise<Response> =>
  fetch(`${address}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }], ...body }),
  });
/** An answer that goes on until somebody ends it. */
const askForever = () => ask({ stream: true, ignore_eos: true, temperature: 1 });

const openTab = async (name: string): Promise<void> => {
  await session.page.getByRole('tab', { name, exact: true }).click();
};
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

beforeAll(async () => {
  session = await startUserSession('server-keys');
  const { page } = session;
  await page.setViewportSize({ width: 1440, height: 900 });
  await session.openPage('Server');
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByRole('heading', { name: 'Call it' }).waitFor();
  address = (await page.getByText(/^http:\/\/127\.0\.0\.1:\d+\/v1$/u).textContent()) ?? '';
});
afterAll(() => session[Symbol.asyncDispose]());

it('makes a tenant and a project by a form that says what is wrong beside the field', async () => {
  const { page } = session;
  await openTab('Tenants');
  await page.getByRole('button', { name: 'New tenant' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Make the tenant' }).click();
  await dialog.getByText(/^Too small/u).waitFor();
  await dialog.getByLabel('Name').fill('Research group');
  expect(await dialog.getByLabel('Id').inputValue()).toBe('research-group');
  await dialog.getByLabel('Tokens a minute').fill('100,000');
  await dialog.getByRole('button', { name: 'Make the tenant' }).click();
  await page.getByRole('button', { name: 'New project in Research group' }).click();
  await dialog.getByLabel('Name').fill('Chatbot');
  await dialog.getByRole('button', { name: 'Make the project' }).click();
  await page.getByRole('row', { name: /Research group.*Chatbot.*100,000 tokens\/min/u }).waitFor();
  await expectSound('tenants');
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

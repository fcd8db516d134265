import { beforeAll, expect, it } from 'vitest';
import { noFaults, type UserSession } from '../../support/user-session.ts';
import { expectSound } from './expect-sound.ts';

/** Tenants, keys, limits and the audit log. */
export const testKeys = (session: () => UserSession): void => {
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
    await session().page.getByRole('tab', { name, exact: true }).click();
  };
  beforeAll(async () => {
    await session().page.setViewportSize({ width: 1440, height: 900 });
    await openTab('Overview');
    address =
      (await session()
        .page.getByText(/^http:\/\/127\.0\.0\.1:\d+\/v1$/u)
        .textContent()) ?? '';
  });

  it('makes a tenant and a project by a form that says what is wrong beside the field', async () => {
    const { page } = session();
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
    await expectSound(session(), 'tenants');
    const barred = page.getByRole('button', { name: 'Suspend… Default', exact: true });
    expect(await barred.getAttribute('aria-disabled')).toBe('true');
    await barred.hover();
    await page.getByText(/^It cannot be suspended: it holds the owner's key/u).waitFor();
    await row.getByRole('button', { name: 'Resume… Research group' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume', exact: true }).click();
    await row.getByText(/^suspended/u).waitFor({ state: 'detached' });
  });

  it('makes a key by mouse, shows it once, and its first answer stands in the request table under its name', async () => {
    const { page } = session();
    await openTab('Keys');
    await page.getByRole('button', { name: 'New key' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('nightly');
    await session().chooseOption('Tenant', 'Research group');
    await session().chooseOption('Project', 'Chatbot');
    await dialog.getByLabel('Requests a minute').fill('many');
    await dialog.getByText('A whole number from 1').waitFor();
    await dialog.getByLabel('Requests a minute').fill('3');
    expect(await session().look('new-key')).toEqual(noFaults);
    await dialog.getByRole('button', { name: 'Make the key' }).click();
    secret = (await dialog.getByText(/^dyno_/u).textContent()) ?? '';
    await dialog.getByText('it will not be shown again').waitFor();
    expect(await session().look('secret')).toEqual(noFaults);
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('row', { name: /nightly.*active.*developer.*3 requests\/min/u }).waitFor();
    expect(await page.content()).not.toContain(secret);

    expect((await ask({ max_tokens: 4 })).status).toBe(200);
    await page.getByRole('button', { name: 'Show: Roles' }).click();
    await expectSound(session(), 'keys');
    await openTab('Overview');
    await page.getByRole('row', { name: /nightly.*200/u }).waitFor();
    // it was priced as it came
    await openTab('Usage');
    await page
      .getByText(/^0\.0000\d+ EUR/u)
      .first()
      .waitFor();
    await expectSound(session(), 'usage-cost');
  });

  it('shows what is left of a limit, and changes it in its row', async () => {
    const { page } = session();
    await openTab('Limits');
    await page.getByRole('row', { name: /nightly.*[01] used, [23] left/u }).waitFor();
    await page.getByRole('button', { name: 'Edit limits of nightly' }).click();
    await page.getByLabel('Requests at once of nightly').fill('2');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /nightly.*0 in flight, 2 left/u }).waitFor();
    await expectSound(session(), 'limits');
  });

  it('lets a key of a suspended tenant be changed and revoked, and says why it is not rotated', async () => {
    const { page } = session();
    await openTab('Tenants');
    await page.getByRole('button', { name: 'Suspend… Research group' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Suspend', exact: true }).click();
    await openTab('Keys');
    const row = page.getByRole('row', { name: /nightly.*stopped: its tenant or project is suspended/u });
    await row.waitFor();
    const rotate = row.getByRole('button', { name: 'Rotate nightly' });
    expect(await rotate.getAttribute('aria-disabled')).toBe('true');
    await rotate.hover();
    await page.getByText('Rotate nightly: no key is made while its tenant or project is suspended').waitFor();
    await row.getByRole('button', { name: 'Edit nightly' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('nightly runs');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('row', { name: /nightly runs.*stopped/u }).waitFor();
    await page.getByRole('button', { name: 'Revoke nightly runs' }).waitFor();
    await openTab('Tenants');
    await page.getByRole('button', { name: 'Resume… Research group' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume', exact: true }).click();
    await page.getByRole('button', { name: 'Suspend… Research group' }).waitFor();
  });

  it('cancels a stream by mouse, and revoking the key by mouse ends its stream and refuses it from then on', async () => {
    const { page } = session();
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
    await page.getByRole('button', { name: 'Revoke nightly runs' }).click();
    await page.getByRole('button', { name: 'Revoke', exact: true }).click();
    expect(await running.text()).toContain('invalid_api_key');
    expect((await ask({})).status).toBe(401);
    await page.getByRole('switch', { name: 'Show 1 ended' }).click();
    await page.getByRole('row', { name: /nightly.*revoked/u }).waitFor();
  });

  it('keeps all of it in the audit log, which can be filtered and copied as CSV', async () => {
    const { page } = session();
    await openTab('Audit');
    await page.getByRole('row', { name: /revoked a key/u }).waitFor();
    await page.getByText(/^✓ All \d+ lines are as they were written\.$/u).waitFor();
    await expectSound(session(), 'audit');
    await session().chooseOption('What', 'made a tenant');
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
};

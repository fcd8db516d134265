import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { outerAddresses } from '../support/other-address.ts';
import { noFaults, startUserSession, type UserSession } from '../support/user-session.ts';

const [address] = outerAddresses().filter((each) => !each.includes(':'));
const title = 'opening the server to the network by mouse';
if (address === undefined) console.info(`skipped: ${title} (this machine has no address on a network)`);

describe.skipIf(address === undefined)(title, () => {
  let session: UserSession;
  let secret = '';
  beforeAll(async () => {
    session = await startUserSession('network');
    await session.page.setViewportSize({ width: 1440, height: 1100 });
    await session.openPage('Server');
    await session.page.getByRole('button', { name: 'Turn on' }).click();
    await session.page.getByRole('heading', { name: 'Who can reach it' }).waitFor();
  });
  afterAll(() => session[Symbol.asyncDispose]());

  const open = async () => {
    const { page } = session;
    await page.getByRole('button', { name: 'Open to the network…' }).click();
    return page.getByRole('dialog', { name: 'Open to the network' });
  };

  it('opens nothing before a client has a key, and nothing that was not meant', async () => {
    const { page } = session;
    await page.getByText('Programs of this machine only').waitFor();
    const dialog = await open();
    await dialog.getByText('No client has a key yet.').waitFor();
    await dialog.getByRole('button', { name: 'Open it' }).click();
    await dialog.getByText('Choose one at least').waitFor();
    await dialog.getByText('Nothing is opened before you have said so').waitFor();
    await dialog.getByLabel(`${address} (`).check();
    await dialog.getByLabel(/I mean it/u).check();
    await dialog.getByRole('button', { name: 'Open it' }).click();
    await dialog.getByText('Nobody on the network has a key.').waitFor();
    expect(await session.look('refused')).toEqual(noFaults);
    await dialog.getByRole('link', { name: 'Make one first' }).click();

    await page.getByRole('button', { name: 'New key' }).click();
    const keys = page.getByRole('dialog', { name: 'New key' });
    await keys.getByLabel('Name').fill('laptop');
    await keys.getByRole('button', { name: 'Make the key' }).click();
    secret = (await keys.getByText(/^dyno_/u).textContent()) ?? '';
    await keys.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('tab', { name: 'Overview' }).click();
  });

  it('opens to a client with its certificate and key, shows how, and closes by one click', async () => {
    const { page } = session;
    const dialog = await open();
    await dialog.getByLabel(`${address} (`).check();
    await dialog.getByRole('combobox', { name: 'Names by which clients call it' }).fill('mybox.local');
    await page.keyboard.press('Enter');
    await dialog.getByLabel(/I mean it/u).check();
    expect(await session.look('dialog')).toEqual(noFaults);
    await dialog.getByRole('button', { name: 'Open it' }).click();
    await page.getByRole('button', { name: 'Close to the network' }).waitFor();

    const url = new URL(
      (await page
        .getByText(/^https:\/\/\d.*\/v1$/u)
        .first()
        .textContent()) ?? '',
    );
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy certificate' }).click();
    await page.getByText('The certificate is in the clipboard.').waitFor();
    const ca = await page.evaluate(() => navigator.clipboard.readText());
    const ask = (key: string) =>
      new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${key}` };
        request(`${url.href}/models`, { ca, headers }, (reply) => resolve(reply.resume().statusCode))
          .once('error', reject)
          .end();
      });
    expect([url.hostname, await ask(secret), await ask('wrong')]).toEqual([address, 200, 401]);
    const curl = page.getByLabel('curl snippet', { exact: true });
    expect(await curl.textContent()).toMatch(
      /^curl https:\/\/mybox\.local:\d+\/v1\/chat.*\n\s+--cacert server\.pem/u,
    );
    expect(await session.look('open')).toEqual(noFaults);
    await page.setViewportSize({ width: 1024, height: 900 });
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await session.look('open-dark')).toEqual(noFaults);

    await page.getByRole('button', { name: 'Close to the network' }).click();
    await page.getByText('Programs of this machine only').waitFor();
    await expect(ask(secret)).rejects.toThrow();
    expect(await curl.textContent()).toContain('curl http://127.0.0.1:');
    const again = await open();
    await again.getByText('mybox.local', { exact: true }).waitFor();
    const boxes = [again.getByLabel(`${address} (`), again.getByLabel(/I mean it/u)];
    expect(await Promise.all(boxes.map((box) => box.isChecked()))).toEqual([true, false]);
    await again.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('tab', { name: 'Audit' }).click();
    await page.getByRole('row', { name: /opened the server to the network/u }).waitFor();
    await page.getByRole('row', { name: /closed the server to the network/u }).waitFor();
  });
});

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startScriptedServer } from '../support/scripted-server.ts';
import { noFaults, startUserSession, type UserSession } from '../support/user-session.ts';

/** Lab, tab Load, as a user meets it: the real host and model, a real browser, and a server that is no model server. */
let user: UserSession;
let page: Page;

beforeAll(async () => {
  user = await startUserSession('load');
  page = user.page;
});
afterAll(async () => {
  await user[Symbol.asyncDispose]();
});

const expectSound = async (name: string): Promise<void> => {
  expect(await user.look(name)).toEqual(noFaults);
};

const openNewRun = async (): Promise<void> => {
  await user.openPage('Lab');
  await page.getByRole('tab', { name: 'Load' }).click();
  await page.getByRole('heading', { name: 'New load run' }).waitFor();
};

describe('the Lab’s load', () => {
  it('measures steps of users on the bundled model, live and then as a table', async () => {
    await openNewRun();
    await expectSound('01-form');
    await user.chooseOption('Shape', 'Step sweep');
    await page.getByRole('textbox', { name: 'Steps' }).fill('1, 4');
    await page.getByRole('textbox', { name: 'Step seconds' }).fill('2');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByRole('heading', { name: 'Under load' }).waitFor();
    await page.getByRole('group', { name: 'Stages' }).getByText('2: x4').waitFor({ timeout: 120_000 });
    await page
      .getByRole('button', { name: 'Cancel', exact: true })
      .waitFor({ state: 'detached', timeout: 60_000 });
    const rows = page.getByRole('group', { name: 'Stages' }).getByRole('rowheader');
    expect(await rows.allInnerTexts()).toEqual(['1: x1', '2: x4']);
    await expectSound('02-result');
  });

  it('says what is wrong with an address that leads to a web page, and how to go on', async () => {
    await using server = await startScriptedServer((response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
    });
    await page.getByRole('button', { name: 'New load run' }).click();
    await page.getByText('A server', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Address' }).fill(server.baseUrl);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page
      .getByText(/give the base address of the API/)
      .first()
      .waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    await expectSound('03-bad-target');
    await page.getByRole('button', { name: 'New load run' }).click();
    await page.getByRole('group', { name: 'Load runs' }).getByText('failed').waitFor();
  });
});

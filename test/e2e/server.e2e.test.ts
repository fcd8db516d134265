import { afterAll, beforeAll, describe } from 'vitest';
import { startUserSession, type UserSession } from '../support/user-session.ts';
import { testKeys } from './server/key-tests.ts';
import { testMoney } from './server/money-tests.ts';
import { testPage } from './server/page-tests.ts';

/** The server's page on the real host with the bundled model: one session, each test goes on where the last one ended. */
let session: UserSession;
beforeAll(async () => {
  session = await startUserSession('server');
  await session.openPage('Server');
  await session.page.getByRole('button', { name: 'Turn on' }).click();
  await session.page.getByRole('heading', { name: 'Call it' }).waitFor();
});
afterAll(() => session[Symbol.asyncDispose]());

describe('the server’s page', () => testPage(() => session));
describe('money by mouse', () => testMoney(() => session));
describe('keys by mouse', () => testKeys(() => session));

import { expect } from 'vitest';
import { noFaults, type UserSession } from '../../support/user-session.ts';

/** The page has no faults: in light and wide, then in dark and narrow. */
export const expectSound = async ({ page, look }: UserSession, name: string): Promise<void> => {
  const light = await look(name);
  await page.setViewportSize({ width: 1024, height: 900 });
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await look(`${name}-dark`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1440, height: 900 });
  expect([light, dark]).toEqual([noFaults, noFaults]);
};

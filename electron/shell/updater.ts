import { app, autoUpdater, net } from 'electron';
import type { Logger } from '../platform/ports.ts';
import { updatePlan } from './update-plan.ts';

/** Empty until releases are published somewhere, and then no request is ever made. */
const releasePlace = process.env['DYNO_UPDATE_URL'] ?? '';

const dayMs = 24 * 60 * 60 * 1000;

/** Looks for a newer signed release once a day, in packaged apps only. Off while no release place is set. */
export const startUpdater = (log: Logger): Disposable => {
  const { platform, arch } = process;
  const plan = updatePlan({
    releasePlace,
    isPackaged: app.isPackaged,
    platform,
    arch,
    version: app.getVersion(),
  });
  if (plan.type === 'off') {
    log.info('updates are off', { reason: plan.reason });
    return { [Symbol.dispose]: () => undefined };
  }
  autoUpdater.setFeedURL({ url: plan.feedUrl });
  autoUpdater.on('error', (error) => log.warn('update check failed', { error }));
  const check = (): void => {
    if (net.isOnline()) autoUpdater.checkForUpdates();
  };
  check();
  const timer = setInterval(check, dayMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
};

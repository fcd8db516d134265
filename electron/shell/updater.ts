import { app, autoUpdater, net } from 'electron';
import type { Logger } from '../platform/ports.ts';

/** Where releases are published; empty until there is such a place, and then no request is ever made. */
const releasePlace = process.env['DYNO_UPDATE_URL'] ?? '';

const dayMs = 24 * 60 * 60 * 1000;

/** Looks for a newer signed release once a day, in packaged apps only. Off while no release place is set. */
export const startUpdater = (log: Logger): Disposable => {
  if (releasePlace === '' || !app.isPackaged || process.platform === 'linux') {
    log.info('updates are off', {
      reason: releasePlace === '' ? 'no release place is set' : 'not for this package',
    });
    return { [Symbol.dispose]: () => undefined };
  }
  autoUpdater.setFeedURL({ url: `${releasePlace}/${process.platform}/${process.arch}/${app.getVersion()}` });
  autoUpdater.on('error', (error) => log.warn('update check failed', { error }));
  const check = (): void => {
    if (net.isOnline()) autoUpdater.checkForUpdates();
  };
  check();
  const timer = setInterval(check, dayMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
};

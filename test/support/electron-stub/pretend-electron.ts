import { readFileSync } from 'node:fs';

const packageFile = new URL('../../../node_modules/electron/package.json', import.meta.url);

/** Lets this process name an Electron version, which libraries look at to choose their ways. */
export const pretendElectron = (): void => {
  const { version } = JSON.parse(readFileSync(packageFile, 'utf8')) as { version: string };
  Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: version } });
};

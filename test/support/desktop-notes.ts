import type { Desktop } from './desktop.ts';

/** What the app did with the system, noted in the main process by replaced functions. */
interface Notes {
  readonly opened: string[];
  readonly tray: string[];
  readonly power: string[];
  /** Addresses of the pages that asked for the contract. */
  readonly asked: string[];
  /** Channels on which a port was handed over. */
  readonly ports: string[];
  readonly engines: { readonly pid: number | undefined }[];
}
export type NoteKind = Exclude<keyof Notes, 'engines'>;
type WithNotes = typeof globalThis & { notes: Notes };

export interface DesktopNotes {
  read(kind: NoteKind): Promise<readonly string[]>;
  /** Process ids of the engines started so far; `undefined` for those that ended. */
  enginePids(): Promise<readonly (number | undefined)[]>;
}

/** Replaces functions of the `electron` module by ones that note their calls and go on. */
export const takeNotes = async (app: Desktop): Promise<DesktopNotes> => {
  await app.evaluate(
    ({ app: main, ipcMain, shell, Tray, powerSaveBlocker, utilityProcess, BrowserWindow }) => {
      const kept: Notes = { opened: [], tray: [], power: [], asked: [], ports: [], engines: [] };
      Object.assign(globalThis, { notes: kept });
      shell.openExternal = (url) => {
        kept.opened.push(url);
        return Promise.resolve();
      };
      const setToolTip = Tray.prototype.setToolTip;
      Tray.prototype.setToolTip = function (text) {
        kept.tray.push(text);
        setToolTip.call(this, text);
      };
      const { start: startBlocker, stop: stopBlocker } = powerSaveBlocker;
      powerSaveBlocker.start = (type) => {
        kept.power.push(`start ${type}`);
        return startBlocker.call(powerSaveBlocker, type);
      };
      powerSaveBlocker.stop = (id) => {
        kept.power.push('stop');
        return stopBlocker.call(powerSaveBlocker, id);
      };
      const { fork } = utilityProcess;
      utilityProcess.fork = (...args) => {
        const child = fork.apply(utilityProcess, args);
        if (args[0].includes('engine')) kept.engines.push(child);
        return child;
      };
      ipcMain.on('dyno:connect', ({ senderFrame }) => kept.asked.push(senderFrame?.url ?? ''));
      const watch = (contents: Electron.WebContents): void => {
        const { postMessage } = contents;
        contents.postMessage = (channel, ...rest) => {
          kept.ports.push(channel);
          postMessage.call(contents, channel, ...rest);
        };
      };
      main.on('web-contents-created', (_event, contents) => watch(contents));
      for (const { webContents } of BrowserWindow.getAllWindows()) watch(webContents);
    },
    null,
  );
  return {
    read: (kind) => app.evaluate((_electron, wanted) => (globalThis as WithNotes).notes[wanted], kind),
    enginePids: () => app.evaluate(() => (globalThis as WithNotes).notes.engines.map(({ pid }) => pid), null),
  };
};

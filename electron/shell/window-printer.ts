import { join } from 'node:path';
import { BrowserWindow } from 'electron';
import { AppError } from '../../shared/errors/app-error.ts';
import type { PdfPrinter, Ports } from '../platform/ports.ts';

/** Prints in a hidden, sandboxed window without scripts that is closed afterwards. */
export const createWindowPrinter = ({
  files,
  random,
  folders,
}: Pick<Ports, 'files' | 'random' | 'folders'>): PdfPrinter => ({
  print: async (html, signal) => {
    const folder = join(folders.data, 'print', random.id('pdf'));
    await using scope = new AsyncDisposableStack();
    scope.defer(() => files.remove(folder));
    const page = join(folder, 'report.html');
    await files.writeText(page, html);
    const window = new BrowserWindow({
      show: false,
      webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
    });
    scope.defer(() => window.destroy());
    try {
      await window.loadFile(page);
      signal.throwIfAborted();
      return await window.webContents.printToPDF({ printBackground: true, preferCSSPageSize: true });
    } catch (error) {
      if (signal.aborted) throw new AppError('app.cancelled', undefined, { cause: error });
      throw new AppError('report.print-failed', undefined, {
        hint: 'Save the report as HTML and print it from a browser.',
        cause: error,
      });
    }
  },
});

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Files, HostFacts, PdfPrinter, Ports } from '../ports.ts';

type PrinterPorts = Pick<Ports, 'files' | 'processes' | 'random' | 'host' | 'folders'>;

/** Where each system keeps a Chromium; a bare name is looked up on the PATH. `DYNO_BROWSER` wins. */
const browsersOf = ({ platform, env }: HostFacts): readonly string[] => {
  const own = env['DYNO_BROWSER'];
  const first = own === undefined || own === '' ? [] : [own];
  switch (platform) {
    case 'darwin':
      return [
        ...first,
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
        '/Applications/Chromium.app/Contents/MacOS/Chromium',
        '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
      ];
    case 'win32':
      return [
        ...first,
        'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
        'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
        'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
      ];
    case 'linux':
    case 'other':
      return [
        ...first,
        'chromium',
        'chromium-browser',
        'google-chrome',
        'google-chrome-stable',
        'microsoft-edge',
      ];
    default:
      return platform satisfies never;
  }
};

/** A cold start of Chromium on a slow disk takes seconds, the report itself well under one. */
const timeoutMs = 60_000;

const switches = [
  '--headless',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--no-pdf-header-footer',
];

const readBytes = async (files: Files, path: string): Promise<Uint8Array> => {
  await using file = await files.openRead(path);
  return await file.read(0, file.sizeBytes);
};

/** Prints with the Chrome, Chromium or Edge of the machine, in a profile of its own that is thrown away. */
export const createChromiumPrinter = ({
  files,
  processes,
  random,
  host,
  folders,
}: PrinterPorts): PdfPrinter => ({
  print: async (html, signal) => {
    const folder = join(folders.data, 'print', random.id('pdf'));
    await using scope = new AsyncDisposableStack();
    scope.defer(() => files.remove(folder));
    const [page, pdf] = [join(folder, 'report.html'), join(folder, 'report.pdf')];
    await files.writeText(page, html);
    const args = [
      ...switches,
      ...(host.isRoot ? ['--no-sandbox'] : []), // Chromium refuses root with a sandbox; the page is our own
      `--user-data-dir=${join(folder, 'profile')}`,
      `--print-to-pdf=${pdf}`,
      pathToFileURL(page).href,
    ];
    for (const browser of browsersOf(host)) {
      const result = await processes.run(browser, args, { timeoutMs, signal });
      if (result === undefined) continue; // not installed: the next one
      if ((await files.stat(pdf)) !== undefined) return await readBytes(files, pdf);
      throw new AppError(
        'report.print-failed',
        `${browser} ended with ${String(result.exitCode)} and no PDF`,
        {
          hint: 'Save the report as HTML and print it from a browser, or set DYNO_BROWSER to another Chromium.',
          details: { stderr: result.stderr.slice(-2000) },
        },
      );
    }
    throw new AppError('report.no-printer', undefined, {
      hint: 'Install Chromium, Chrome or Edge (or set DYNO_BROWSER to its path), or save the report as HTML and print it there.',
    });
  },
});

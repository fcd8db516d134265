import { describe, expect, it } from 'vitest';
import { createChromiumPrinter } from '../../../electron/platform/node/chromium-printer.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { createFakeHost } from '../../support/fake-host.ts';
import { createFakeProcesses } from '../../support/fake-processes.ts';
import { createFakeRandom } from '../../support/fake-random.ts';

type Run = NonNullable<Parameters<typeof createFakeProcesses>[0]>['run'];

const printerWith = (run: (files: ReturnType<typeof createFakeFiles>) => Run, host = createFakeHost()) => {
  const files = createFakeFiles({});
  const printer = createChromiumPrinter({
    files,
    host,
    processes: createFakeProcesses({ run: run(files) ?? {} }),
    random: createFakeRandom(),
    folders: { data: '/data', models: '/data/models', resources: '/app' },
  });
  return { files, print: () => printer.print('<!doctype html><p>x</p>', new AbortController().signal) };
};

const valueOf = (args: readonly string[], name: string): string =>
  args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';

describe('a report as PDF without the desktop', () => {
  it('is printed by the first browser that is installed, in a profile that is thrown away', async () => {
    const seen: (readonly string[])[] = [];
    const { files, print } = printerWith((disk) => ({
      'google-chrome': async (args) => {
        seen.push(args);
        await disk.writeText(valueOf(args, '--print-to-pdf'), '%PDF-1.7');
        return { exitCode: 0, stdout: '', stderr: '' };
      },
    }));
    expect(new TextDecoder().decode(await print())).toBe('%PDF-1.7');
    const [args = []] = seen;
    expect(args).toContain('--headless');
    expect(args).not.toContain('--no-sandbox');
    expect(valueOf(args, '--user-data-dir')).toMatch(/^\/data\/print\//);
    expect(await files.list('/data/print')).toEqual([]);
  });

  it('says what to install where there is no browser', async () => {
    const { print } = printerWith(() => ({}));
    await expect(print()).rejects.toMatchObject({
      code: 'report.no-printer',
      hint: expect.stringContaining('DYNO_BROWSER') as string,
    });
  });

  it('takes the browser that DYNO_BROWSER names, and tells when it prints nothing', async () => {
    const { print } = printerWith(
      () => ({ '/opt/browser': () => ({ exitCode: 21, stdout: '', stderr: 'no display' }) }),
      createFakeHost({ env: { DYNO_BROWSER: '/opt/browser' } }),
    );
    await expect(print()).rejects.toMatchObject({
      code: 'report.print-failed',
      message: '/opt/browser ended with 21 and no PDF',
    });
  });
});

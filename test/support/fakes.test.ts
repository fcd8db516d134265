import { describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors/app-error.ts';
import { createFakeClock } from './fake-clock.ts';
import { createFakeFiles } from './fake-files.ts';
import { createFakeProcesses } from './fake-processes.ts';

describe('the fake clock', () => {
  it('fires sleepers and repeaters in the order they fall due', async () => {
    const clock = createFakeClock({ monotonicMs: 0 });
    const seen: string[] = [];
    using _repeat = clock.every(20, () => seen.push(`repeat ${clock.monotonicMs()}`));
    void clock.sleep(30).then(() => seen.push(`slept ${clock.monotonicMs()}`));
    await clock.advance(50);
    expect(seen).toEqual(['repeat 20', 'slept 30', 'repeat 40']);
    expect(clock.monotonicMs()).toBe(50);
  });

  it('rejects a sleep as soon as its signal aborts, and forgets the timer', async () => {
    const clock = createFakeClock();
    const stop = new AbortController();
    const sleep = clock.sleep(1_000, stop.signal);
    stop.abort();
    await expect(sleep).rejects.toMatchObject({ code: 'app.cancelled' });
    expect(clock.pendingTimers()).toBe(0);
  });

  it('jumps over waiting time until a promise settles', async () => {
    const clock = createFakeClock();
    const work = async () => {
      await clock.sleep(5_000);
      await clock.sleep(60_000);
      return 'done';
    };
    expect(await clock.runUntil(work())).toBe('done');
  });
});

describe('the fake disk', () => {
  it('reads, lists, follows links, renames and removes', async () => {
    const files = createFakeFiles({ '/a/one.txt': '1', '/a/b/two.txt': '2' });
    files.link('/link', '/a/b');
    expect(await files.readText('/link/two.txt')).toBe('2');
    expect(await files.realPath('/link/two.txt')).toBe('/a/b/two.txt');
    expect((await files.list('/a')).map((entry) => `${entry.name} ${entry.kind}`)).toEqual([
      'b folder',
      'one.txt file',
    ]);
    await files.rename('/a/b', '/c');
    await files.remove('/a');
    expect(files.texts()).toEqual({ '/c/two.txt': '2' });
    expect(await files.stat('/a')).toBeUndefined();
    expect(await files.list('/nowhere')).toEqual([]);
  });

  it('writes at positions and hashes what is there', async () => {
    const files = createFakeFiles();
    {
      await using writer = await files.openWrite('/x/y.bin');
      await writer.write(Buffer.from('world'), 6);
      await writer.write(Buffer.from('hello '), 0);
    }
    expect(await files.sha256('/x/y.bin')).toBe(
      'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9',
    );
  });

  it('fails as told, and when it is full', async () => {
    const files = createFakeFiles({ '/secret/key': 'k' }, { freeBytes: 4 });
    files.fail('/secret', 'read', new AppError('files.not-allowed'));
    await expect(files.readText('/secret/key')).rejects.toMatchObject({ code: 'files.not-allowed' });
    await expect(files.writeText('/big', '12345')).rejects.toMatchObject({ code: 'storage.disk-full' });
    await expect(files.readText('/none')).rejects.toMatchObject({ code: 'files.not-found' });
  });
});

describe('the fake processes', () => {
  it('let the test play a worker and a program', async () => {
    const processes = createFakeProcesses({
      workers: { telemetry: (worker) => worker.onSent((message) => worker.emit({ echo: message })) },
      run: { uname: () => ({ exitCode: 0, stdout: 'Linux', stderr: '' }) },
    });
    const worker = processes.spawnWorker('telemetry');
    const heard: unknown[] = [];
    using _subscription = worker.onMessage((message) => heard.push(message));
    worker.send({ a: 1 });
    expect(heard).toEqual([{ echo: { a: 1 } }]);
    expect(await worker.stop()).toEqual({ code: null, signal: 'SIGTERM' });
    expect(await processes.run('uname', ['-s'])).toMatchObject({ stdout: 'Linux' });
    expect(await processes.run('missing', [])).toBeUndefined();
    expect(processes.commands).toEqual(['uname -s', 'missing']);
  });
});

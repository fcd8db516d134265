import { describe, expect, it } from 'vitest';
import { createCrashLedger } from '../../../electron/engine/crash-ledger.ts';
import { judgeCrash } from '../../../electron/engine/restart-policy.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeFacts } from '../../support/fake-facts.ts';
import { createFakeFiles } from '../../support/fake-files.ts';
import { thrownBy } from '../../support/thrown-by.ts';

const path = '/models/a.gguf';
const open = () => {
  const clock = createFakeClock();
  const files = createFakeFiles({ [path]: 'GGUF' });
  const facts = createFakeFacts();
  return { clock, files, facts, ledger: createCrashLedger({ clock, files, facts }) };
};

describe('the restart policy', () => {
  it('waits half a second, then two, then gives the model up', () => {
    expect(judgeCrash([1000], 1000)).toEqual({ type: 'restart', attempt: 1, inMs: 500 });
    expect(judgeCrash([1000, 2000], 2000)).toEqual({ type: 'restart', attempt: 2, inMs: 2000 });
    expect(judgeCrash([1000, 2000, 3000], 3000)).toEqual({ type: 'mark-bad' });
  });

  it('forgets crashes of ten minutes ago', () => {
    expect(judgeCrash([0, 1, 700_000], 700_000)).toEqual({ type: 'restart', attempt: 1, inMs: 500 });
  });
});

describe('the crash ledger', () => {
  it('marks a model bad at the third crash and keeps the mark for the next start', async () => {
    const { clock, files, facts, ledger } = open();
    await ledger.refuseMarked(path);
    await ledger.record(path, 'SIGABRT');
    await ledger.record(path, 'SIGABRT');
    await ledger.refuseMarked(path);
    expect(await ledger.record(path, 'SIGSEGV')).toEqual({ type: 'mark-bad' });
    const reopened = createCrashLedger({ clock, files, facts });
    const error = await thrownBy(() => reopened.refuseMarked(path));
    expect(error).toMatchObject({ code: 'engine.marked-bad' });
    expect(error.message).toContain('SIGSEGV');
  });

  it('gives a changed file a clean record', async () => {
    const { files, ledger } = open();
    for (let crash = 0; crash < 3; crash += 1) await ledger.record(path, 'SIGABRT');
    files.put(path, 'GGUF again');
    await expect(ledger.refuseMarked(path)).resolves.toBeUndefined();
  });

  it('forgets a mark that is cleared', async () => {
    const { ledger } = open();
    for (let crash = 0; crash < 3; crash += 1) await ledger.record(path, 'SIGABRT');
    ledger.clear(path);
    await expect(ledger.refuseMarked(path)).resolves.toBeUndefined();
  });
});

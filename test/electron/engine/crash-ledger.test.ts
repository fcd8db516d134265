import { describe, expect, it } from 'vitest';
import { createCrashLedger } from '../../../electron/engine/crash-ledger.ts';
import { judgeCrash } from '../../../electron/engine/restart-policy.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
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
    const history = await ledger.open(path);
    history.record('SIGABRT');
    history.record('SIGABRT');
    history.refuseMarked();
    expect(history.record('SIGSEGV')).toEqual({ type: 'mark-bad' });
    const reopened = await createCrashLedger({ clock, files, facts }).open(path);
    const error = await thrownBy(async () => {
      await Promise.resolve();
      reopened.refuseMarked();
    });
    expect(error).toMatchObject({ code: 'engine.marked-bad' });
    expect(error.message).toContain('SIGSEGV');
  });

  it('gives a changed file a clean record', async () => {
    const { files, ledger } = open();
    const history = await ledger.open(path);
    for (let crash = 0; crash < 3; crash += 1) history.record('SIGABRT');
    files.put(path, 'GGUF again');
    const changed = await ledger.open(path);
    expect(() => changed.refuseMarked()).not.toThrow();
    expect(() => history.refuseMarked()).toThrow(AppError);
  });

  it('forgets a mark that is cleared', async () => {
    const { ledger } = open();
    const history = await ledger.open(path);
    for (let crash = 0; crash < 3; crash += 1) history.record('SIGABRT');
    ledger.clear(path);
    expect(() => history.refuseMarked()).not.toThrow();
  });
});

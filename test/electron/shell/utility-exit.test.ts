import { describe, expect, it } from 'vitest';
import { utilityExit } from '../../../electron/shell/utility-exit.ts';

describe('how a utility process ended', () => {
  it.each([
    [0, { code: 0, signal: null }],
    [1, { code: 1, signal: null }],
    [9, { code: null, signal: 'SIGKILL' }],
    [11, { code: null, signal: 'SIGSEGV' }],
    [0x80 | 6, { code: null, signal: 'SIGABRT' }], // with a core dump
    [70, { code: 70, signal: null }],
  ])('on POSIX, wait status %d', (status, exit) => {
    expect(utilityExit(status, 'linux')).toEqual(exit);
  });

  it('on Windows, the code as it is', () => {
    const accessViolation = 0xc0000005;
    expect([utilityExit(9, 'win32'), utilityExit(accessViolation, 'win32')]).toEqual([
      { code: 9, signal: null },
      { code: accessViolation, signal: null },
    ]);
  });
});

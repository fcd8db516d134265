import childProcess from 'node:child_process';
import { expect, it } from 'vitest';
import { skipBinaryTest } from '../../../../../electron/engine/host/llama/binary-test.ts';

it("answers the library's one binary test in its place, and lets other children be", async () => {
  const realFork = childProcess.fork;
  const test = skipBinaryTest();
  const { getLlama } = await import('node-llama-cpp');
  const llama = await getLlama({ gpu: false, build: 'never', progressLogs: false, logger: () => undefined });
  expect(test.intercepted()).toBe(1);
  expect(llama.gpu).toBe(false);
  await llama.dispose();
  test[Symbol.dispose]();
  expect(childProcess.fork).toBe(realFork);
});

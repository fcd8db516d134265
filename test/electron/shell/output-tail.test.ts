import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { keepTail } from '../../../electron/shell/output-tail.ts';

describe('the last words of a utility process', () => {
  it('are its last 40 lines, whole ones', async () => {
    const stream = new PassThrough();
    const tail = keepTail([stream, null]);
    for (let line = 1; line <= 60; line += 1) stream.write(`line ${line}\n`);
    stream.end('unfinished');
    await tail.drained();
    expect(tail.read().length).toBe(41);
    expect([tail.read()[0], tail.read().at(-1)]).toEqual(['line 21', 'unfinished']);
  });

  it('are heard though Electron takes the listeners off at the exit', async () => {
    const stream = new PassThrough();
    const tail = keepTail([stream]);
    const drained = tail.drained(); // called from `exit`, in the turn in which the listeners go
    stream.removeAllListeners();
    setImmediate(() => stream.end('GGML_ASSERT failed\r\n'));
    await drained;
    expect(tail.read()).toEqual(['GGML_ASSERT failed']);
  });

  it('put letters together that arrive in two pieces', async () => {
    const stream = new PassThrough();
    const tail = keepTail([stream]);
    const bytes = Buffer.from('größe\n');
    stream.write(bytes.subarray(0, 3));
    stream.end(bytes.subarray(3));
    await tail.drained();
    expect(tail.read()).toEqual(['größe']);
  });
});

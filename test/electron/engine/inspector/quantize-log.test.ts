import { describe, expect, test } from 'vitest';
import {
  createProgressScale,
  readAnnouncement,
  readFailure,
} from '../../../../electron/engine/inspector/quantize-log.ts';

describe('the log of llama_model_quantize', () => {
  test('an announcement gives place, name and size of a tensor', () => {
    const line =
      '[  38/ 291] blk.3.ffn_up.weight                  - [   256,    768,      1,      1], type =    f16, ';
    expect(readAnnouncement(line)).toEqual({
      index: 38,
      count: 291,
      name: 'blk.3.ffn_up.weight',
      elements: 196_608,
    });
  });

  test.each([
    'size =     0.38 MiB ->     0.11 MiB\n',
    'converting to q4_K .. ',
    '',
    'llama_model_loader: - kv 34: x',
  ])('other text is no announcement: %j', (text) => {
    expect(readAnnouncement(text)).toBeUndefined();
  });

  test('the reason of a failure is what follows the colon', () => {
    expect(
      readFailure('llama_model_quantize: failed to quantize: requantizing from type q4_K is disabled\n'),
    ).toBe('requantizing from type q4_K is disabled');
    expect(readFailure('all is well')).toBeUndefined();
  });

  test('progress is the share of the elements before a tensor', () => {
    const at = createProgressScale([
      { index: 1, count: 3, name: 'big', elements: 60 },
      { index: 2, count: 3, name: 'mid', elements: 30 },
      { index: 3, count: 3, name: 'small', elements: 10 },
    ]);
    expect(['big', 'mid', 'small', 'stranger'].map(at)).toEqual([0, 0.6, 0.9, 0]);
    expect(createProgressScale([])('big')).toBe(0);
  });
});

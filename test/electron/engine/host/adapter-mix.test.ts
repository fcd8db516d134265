import { expect, it } from 'vitest';
import { groupByAdapters, mixAdapters, noAdapters } from '../../../../electron/engine/host/adapter-mix.ts';

const one = { path: '/one.gguf', scale: 1, sha256: 'aa', sizeBytes: 1 };
const two = { path: '/two.gguf', scale: 0, sha256: 'bb', sizeBytes: 1 };

it('takes the scales of the load where a request names none', () => {
  expect(mixAdapters([], undefined)).toBe(noAdapters);
  expect(mixAdapters([one, two], undefined)).toEqual({ key: 'aa*1', scales: [1, 0] });
});

it('switches off what a request does not name, as llama.cpp does', () => {
  expect(mixAdapters([one, two], [{ id: 1, scale: 0.5 }])).toEqual({ key: 'bb*0.5', scales: [0, 0.5] });
  expect(mixAdapters([one, two], [{ id: 0, scale: 0 }])).toEqual({ key: '', scales: [0, 0] });
});

it('has one key for the same files at the same scales, whatever their ids', () => {
  const both = [
    { id: 0, scale: 1 },
    { id: 1, scale: 0.5 },
  ];
  const swapped = [
    { id: 1, scale: 1 },
    { id: 0, scale: 0.5 },
  ];
  expect(mixAdapters([one, two], both).key).toBe(mixAdapters([two, one], swapped).key);
  expect(mixAdapters([one, two], both).key).not.toBe(mixAdapters([one, two], swapped).key);
});

it('refuses an adapter that is not there', () => {
  expect(() => mixAdapters([one], [{ id: 1, scale: 1 }])).toThrow(
    expect.objectContaining({ code: 'app.bad-input', details: { param: 'lora' } }),
  );
});

it('leaves one mix in one group, and parts several in the order they come', () => {
  const items = ['x1', 'y1', 'x2'];
  const groups = groupByAdapters(items, (item) => item.charAt(0));
  expect(groups).toEqual([['x1', 'x2'], ['y1']]);
  expect(groupByAdapters(['x1', 'x2'], (item) => item.charAt(0))).toEqual([['x1', 'x2']]);
  expect(groupByAdapters([], () => '')).toEqual([]);
});

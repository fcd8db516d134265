import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  defaultBounds,
  fitToScreens,
  readBounds,
  writeBounds,
} from '../../../electron/shell/window-state.ts';

const screens = [
  { x: 0, y: 0, width: 1920, height: 1040 },
  { x: 1920, y: 0, width: 2560, height: 1400 },
];
const stored = { x: 2000, y: 100, width: 1400, height: 900, isMaximized: true };

describe('where a window is put', () => {
  it('is where it was, on any screen that is still there', () => {
    expect(fitToScreens(stored, screens)).toEqual(stored);
  });

  it('is left to the system when its screen is gone, with the remembered size', () => {
    expect(fitToScreens(stored, screens.slice(0, 1))).toEqual({
      width: 1400,
      height: 900,
      isMaximized: true,
    });
  });

  it.each([
    ['above the top edge', { ...stored, y: -30 }],
    ['below the bottom edge', { ...stored, y: 1380 }],
    ['with less than 100 px inside', { ...stored, x: -1350 }],
  ])('is left to the system when its title bar cannot be grabbed: %s', (_where, bounds) => {
    expect(fitToScreens(bounds, screens)).not.toHaveProperty('x');
  });

  it('is never smaller than the screens can be used in', () => {
    expect(fitToScreens({ width: 10, height: 10 }, screens)).toEqual({
      width: 1024,
      height: 640,
      isMaximized: false,
    });
  });

  it.each([null, 'text', 7, [], { width: Number.NaN, height: '900' }])(
    'is the default for a note that makes no sense: %j',
    (note) => {
      expect(fitToScreens(note, screens)).toEqual(defaultBounds);
    },
  );
});

describe('the note on disk', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'dyno-bounds-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('comes back as it was written', () => {
    const path = join(folder, 'window.json');
    writeBounds(path, stored);
    expect(readBounds(path, screens)).toEqual(stored);
  });

  it('gives the default where there is none, or a damaged one', () => {
    const path = join(folder, 'window.json');
    const missing = readBounds(path, screens);
    writeFileSync(path, '{"x": 20');
    expect([missing, readBounds(path, screens)]).toEqual([defaultBounds, defaultBounds]);
  });
});

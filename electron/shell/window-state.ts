import { readFileSync, writeFileSync } from 'node:fs';

export interface WindowBounds {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly isMaximized: boolean;
}

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Below it the screens do not fit. */
export const minimumSize = { width: 1024, height: 640 } as const;

export const defaultBounds: WindowBounds = { width: 1360, height: 880, isMaximized: false };

const numberIn = (value: object, key: string): number | undefined => {
  const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
};

/** The remembered bounds if a window there could still be grabbed on one of the screens, else the default size. */
export const fitToScreens = (stored: unknown, screens: readonly Area[]): WindowBounds => {
  if (typeof stored !== 'object' || stored === null) return defaultBounds;
  const width = Math.max(minimumSize.width, numberIn(stored, 'width') ?? defaultBounds.width);
  const height = Math.max(minimumSize.height, numberIn(stored, 'height') ?? defaultBounds.height);
  const isMaximized = 'isMaximized' in stored && stored.isMaximized === true;
  const x = numberIn(stored, 'x');
  const y = numberIn(stored, 'y');
  if (x === undefined || y === undefined) return { width, height, isMaximized };
  const isReachable = screens.some(
    (screen) =>
      x + width > screen.x + 100 &&
      x < screen.x + screen.width - 100 &&
      y >= screen.y &&
      y < screen.y + screen.height - 50,
  );
  return isReachable ? { x, y, width, height, isMaximized } : { width, height, isMaximized };
};

/** Bounds of the last session from `path`; the default when there are none. */
export const readBounds = (path: string, screens: readonly Area[]): WindowBounds => {
  try {
    return fitToScreens(JSON.parse(readFileSync(path, 'utf8')), screens);
  } catch {
    return defaultBounds; // first start, or a damaged note: a window in the middle serves either
  }
};

export const writeBounds = (path: string, bounds: WindowBounds): void =>
  writeFileSync(path, JSON.stringify(bounds), { mode: 0o600 });

import { describe, expect, it } from 'vitest';
import { updatePlan } from '../../../electron/shell/update-plan.ts';

const mac = {
  releasePlace: 'https://releases.example.invalid/',
  isPackaged: true,
  platform: 'darwin',
  arch: 'arm64',
  version: '0.1.0',
};

describe('updates', () => {
  it('are looked for by package, system and version once a release place is set', () => {
    expect(updatePlan(mac)).toEqual({
      type: 'on',
      feedUrl: 'https://releases.example.invalid/darwin/arm64/0.1.0',
    });
  });

  it.each([
    ['no release place is set', { releasePlace: '' }],
    ['this copy runs from its sources', { isPackaged: false }],
    ['Electron has no updater for Linux packages', { platform: 'linux' }],
  ])('are off: %s', (reason, change) => {
    expect(updatePlan({ ...mac, ...change })).toEqual({ type: 'off', reason });
  });
});

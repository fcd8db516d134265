import { describe, expect, it } from 'vitest';
import { deviceEnergySchema, type DeviceEnergy } from '../../../shared/contract/conditions.ts';
import { energyDevices, rowEnergyOf, writeEnergy, writeRowEnergy } from '../../../shared/units/energy.ts';

/** As Dyno stored it before it told repetitions one by one. */
const old = deviceEnergySchema.parse({
  device: 'CPU package',
  reason: null,
  cause: null,
  value: {
    joules: 600,
    seconds: 10,
    tokens: 1000,
    joulesPerToken: 0.6,
    joulesPerTokenAboveIdle: 0.5,
    idleWatts: 10,
    method: 'counter',
    readings: 21,
    source: 'RAPL package-0',
  },
});

const estimate = { median: 0.6, ciLow: null, ciHigh: null, min: 0.58, max: 0.63, cv: 0.02, n: 4 };
const silent = { index: 1, value: null, reason: 'the energy counter began anew meanwhile', cause: null };

const write = (energy: DeviceEnergy): string =>
  writeEnergy({ cell: { id: 'c', modelId: 'm', test: 'tg128', ladder: 'engine' }, per: 'token', energy });

describe('energy in words', () => {
  it('has the median with its spread and n, and the mean power', () => {
    expect(write({ ...old, perToken: estimate, perTokenAboveIdle: { ...estimate, median: 0.5 } })).toBe(
      '0.600 ± 0.012 J per token (n 4), 0.500 ± 0.010 J above idle; 60.0 W over 10.0 s, 21 readings',
    );
  });

  it('says which repetitions are left out, and why the mean power is unknown', () => {
    const energy = {
      ...old,
      value: null,
      reason: 'the counter began anew',
      perToken: estimate,
      repetitions: [silent],
    };
    expect(write(energy)).toBe(
      '0.600 ± 0.012 J per token (n 4), idle draw not known, 1 of 1 repetitions left out: the energy counter began anew meanwhile; mean power unknown: the counter began anew',
    );
  });

  it('calls the figure of a run stored before one without a spread', () => {
    expect(write(old)).toBe(
      '0.600 J per token, 0.500 J above idle, all repetitions as one, so without a spread (this run did not tell the repetitions apart); 60.0 W over 10.0 s, 21 readings',
    );
  });

  it('is the reason where nothing is known', () => {
    expect(write({ ...old, value: null, reason: 'no sensor' })).toBe('unknown: no sensor');
  });

  it('has a column in a comparison for each device that tells something in a row at least', () => {
    const row = (device: string, windowJoulesPerToken: number | null) => ({
      device,
      perToken: null,
      perTokenAboveIdle: null,
      windowJoulesPerToken,
      reason: null,
    });
    const rows = [{ energy: [row('CPU package', null), row('GPU board 0', 0.4)] }, { energy: [] }];
    expect(energyDevices(rows)).toEqual(['GPU board 0']);
    expect(rows.map((each) => writeRowEnergy(rowEnergyOf(each, 'GPU board 0')))).toEqual([
      '0.400 (no spread)',
      '—',
    ]);
    expect(writeRowEnergy({ ...row('CPU package', 0.4), perToken: estimate })).toBe('0.600 ± 0.012 (n 4)');
  });
});

import { expect, it } from 'vitest';
import { formatAmount, formatMicro, formatPico, readMicro, readPico } from '../../shared/units/micro.ts';

it('reads an amount digit by digit, and writes it with all six decimals', () => {
  expect(['0.25', ' 1 ', '0.000001', '999999999.999999', '0.1', '0.7'].map(readMicro)).toEqual([
    250_000, 1_000_000, 1, 999_999_999_999_999, 100_000, 700_000,
  ]);
  expect([0, 1, 250_000, 999_999_999_999_999].map(formatMicro)).toEqual([
    '0.000000',
    '0.000001',
    '0.250000',
    '999999999.999999',
  ]);
});

it('takes nothing that is no amount for one', () => {
  const texts = ['', 'free', '-1', '0.0000001', '1e3', '1,5', '.5', '1.', '1 000', '1234567890'];
  expect(texts.map(readMicro)).toEqual(texts.map(() => undefined));
});

it('writes picos with all twelve places and reads them again, past what a float holds', () => {
  const picos = [0n, 1n, 6_700_000n, 12_345_678_901_234_567_890n];
  const amounts = ['0.000000000000', '0.000000000001', '0.000006700000', '12345678.901234567890'];
  expect(picos.map(formatPico)).toEqual(amounts);
  expect(amounts.map(readPico)).toEqual(picos);
  expect(amounts.map(formatAmount)).toEqual([
    '0.000000',
    '0.000000000001',
    '0.0000067',
    '12345678.90123456789',
  ]);
});
